import type { Device, SavedPlan } from '@roomkeeper/shared/http'
import { FINE_STEP_M, type FloorPlan, linksOf, type PlanItem, startPlan, TILE_M } from '@roomkeeper/shared/model'
import { type KeyboardEvent, useEffect, useMemo, useReducer, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRoomParts } from '../../features/floor-plan/use-room-parts.ts'
import { useDiscardQuestion } from '../../ui/use-discard-question.tsx'
import { Board, type BoardMode } from './Board.tsx'
import { ConflictDialog } from './ConflictDialog.tsx'
import { beginEdit, edit } from './edit-history.ts'
import { newItem } from './new-item.ts'
import { Palette } from './Palette.tsx'
import { Properties } from './Properties.tsx'
import { addItem, copyItems, freeId, moveItems, removeItems, rotateItems } from './plan-edit.ts'
import { RoomProperties } from './RoomProperties.tsx'
import { Toolbar } from './Toolbar.tsx'
import { useItemName } from './use-item-name.ts'
import { usePlanSave } from './use-plan-save.ts'
import '../../features/floor-plan/floor-plan.css'
import './plan-editor.css'

interface Props {
  room: { id: number; name: string; deviceList: readonly Device[] }
  opened: SavedPlan
  begin: () => FloorPlan
}

/** Steps of the arrow keys. */
const ARROWS: Record<string, readonly [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

export function PlanEditor({ room, opened, begin }: Props) {
  const { t } = useTranslation('plan')
  const [state, dispatch] = useReducer(edit, undefined, () => beginEdit(begin()))
  const { plan, selected } = state
  const [pictures, setPictures] = useState<readonly NonNullable<SavedPlan['picture']>[]>(opened.picture ? [opened.picture] : [])
  const [step, setStep] = useState(TILE_M)
  const [mode, setMode] = useState<BoardMode>({ type: 'items' })
  const parts = useRoomParts(room.deviceList)
  const nameOf = useItemName(parts)
  const panel = useRef<HTMLDivElement>(null)
  const clipboard = useRef<readonly PlanItem[]>([])
  const load = (saved: SavedPlan) => {
    if (saved.picture) setPictures((known) => [...known, saved.picture].filter((each) => each !== null))
    if (saved.plan) dispatch({ type: 'load', plan: saved.plan })
  }
  const save = usePlanSave({ roomId: room.id, opened, plan, load })
  const { question, settled } = useDiscardQuestion('plan', save.isDirty)
  useLeaveWarning(save.isDirty)

  const change = (next: FloorPlan, gesture?: string, select?: ReadonlySet<string>) =>
    dispatch({ type: 'change', plan: next, gesture, selected: select })
  const items = plan.items.filter(({ id }) => selected.has(id))
  const [only] = items.length === 1 ? items : []
  const copy = (wanted: readonly PlanItem[]) => {
    const { plan: copied, ids } = copyItems(plan, wanted)
    change(copied, undefined, ids)
  }
  const add = (type: PlanItem['type'], at?: { x: number; y: number }) => {
    const item = newItem(plan, type, t('editor.textDefault'), at)
    change(addItem(plan, item), undefined, new Set([item.id]))
  }

  const tray = useMemo(() => {
    const placed = linksOf(plan)
    return startPlan(room.deviceList).items.filter((item) => {
      if (item.type === 'probe') return item.pointIds.length > 0 && !item.pointIds.some((id) => placed.pointIds.has(id))
      if (item.type === 'door') return item.pointId !== null && !placed.pointIds.has(item.pointId)
      return 'deviceId' in item && item.deviceId !== null && !placed.deviceIds.has(item.deviceId)
    })
  }, [plan, room.deviceList])
  const place = (wanted: readonly PlanItem[]) => {
    let next = plan
    const ids = wanted.map((item) => {
      const id = freeId(next, item.type)
      next = addItem(next, { ...item, id })
      return id
    })
    change(next, undefined, new Set(ids))
  }

  const commands = {
    undo: () => dispatch({ type: 'undo' }),
    redo: () => dispatch({ type: 'redo' }),
    rotate: () => change(rotateItems(plan, selected)),
    duplicate: () => copy(items),
    remove: () => change(removeItems(plan, selected), undefined, new Set()),
    selectAll: () => dispatch({ type: 'select', selected: new Set(plan.items.map(({ id }) => id)) }),
    save: () => void save.run(settled),
    regenerate: () => change(startPlan(room.deviceList), undefined, new Set()),
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.target instanceof HTMLElement && event.target.closest('input, textarea, .ant-select, [contenteditable]')) return
    const isControl = event.ctrlKey || event.metaKey
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
    const done = (act: () => void) => {
      event.preventDefault()
      act()
    }
    const arrow = ARROWS[key]
    if (arrow && selected.size > 0 && !isControl) {
      const metres = event.shiftKey || event.altKey ? FINE_STEP_M : TILE_M
      return done(() => change(moveItems(plan, selected, arrow[0] * metres, arrow[1] * metres), 'arrows'))
    }
    if (isControl && key === 'z') return done(event.shiftKey ? commands.redo : commands.undo)
    if (isControl && key === 'y') return done(commands.redo)
    if (isControl && key === 's') return done(commands.save)
    if (isControl && key === 'a') return done(commands.selectAll)
    if (isControl && key === 'v') return clipboard.current.length > 0 && done(() => copy(clipboard.current))
    if (selected.size === 0) return
    if (isControl && key === 'c') clipboard.current = items
    else if (isControl && key === 'd') done(commands.duplicate)
    else if (!isControl && key === 'r') done(commands.rotate)
    else if (key === 'Delete' || key === 'Backspace') done(commands.remove)
    else if (key === 'Escape') done(() => dispatch({ type: 'select', selected: new Set() }))
    else if (key === 'Enter') done(() => panel.current?.querySelector<HTMLElement>('input, button, [tabindex="0"]')?.focus())
  }

  const picture = pictures.find(({ id }) => id === plan.background?.pictureId) ?? null
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of everything inside, each of which is a control of its own
    <div className="plan-editor" onKeyDown={onKeyDown}>
      <Toolbar
        {...{ state, commands, step, setStep, save }}
        note={opened.version === 0 && save.version === 0 ? t('editor.note') : ''}
        canChange={selected.size > 0}
      />
      <div className="plan-editor-body">
        <Palette tray={tray} nameOf={nameOf} onAdd={add} onPlace={place} />
        <Board
          {...{ state, dispatch, picture, parts, nameOf, step, mode, setMode }}
          onDrop={add}
          onSelect={(ids) => dispatch({ type: 'select', selected: ids })}
        />
        <div ref={panel} className="plan-side">
          {only ? (
            <Properties key={only.id} {...{ plan, parts, change }} item={only} name={nameOf(only)} />
          ) : items.length > 0 ? (
            <section className="panel panel-body">{t('editor.selected', { count: items.length })}</section>
          ) : (
            <RoomProperties
              {...{ plan, change, mode, setMode, picture }}
              roomId={room.id}
              version={save.version}
              onPicture={(added) => setPictures((known) => [...known, added])}
              onVersion={(old) => {
                if (old.picture) setPictures((known) => [...known, old.picture].filter((each) => each !== null))
                if (old.plan) change(old.plan, undefined, new Set())
              }}
            />
          )}
        </div>
      </div>
      <p className="muted plan-keys">{t('editor.keys')}</p>
      <ConflictDialog save={save} />
      {question}
    </div>
  )
}

/** Closing the window asks too. */
function useLeaveWarning(isDirty: boolean): void {
  useEffect(() => {
    if (!isDirty) return
    const warn = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', warn)
    return () => window.removeEventListener('beforeunload', warn)
  }, [isDirty])
}
