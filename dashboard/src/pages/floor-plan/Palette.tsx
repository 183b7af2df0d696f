import { PlusOutlined } from '@ant-design/icons'
import type { PlanItem } from '@roomkeeper/shared/model'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { ItemIcon } from './ItemIcon.tsx'

const TYPES: readonly PlanItem['type'][] = ['rack', 'air-conditioner', 'ups', 'device', 'probe', 'door', 'wall', 'column', 'text']
/** What a drag from the palette carries. */
export const DRAG_TYPE = 'application/x-plan-item'

export function asItemType(text: string): PlanItem['type'] | undefined {
  return TYPES.find((type) => type === text)
}

interface Props {
  /** What the room has and the plan has not. */
  tray: readonly PlanItem[]
  nameOf: (item: PlanItem) => string
  onAdd: (type: PlanItem['type']) => void
  onPlace: (items: readonly PlanItem[]) => void
}

/** Things to put on the plan: new ones by a click or by dragging, and what of the room's devices is not placed yet. */
export function Palette({ tray, nameOf, onAdd, onPlace }: Props) {
  const { t } = useTranslation('plan')
  return (
    <div className="plan-palette">
      <section className="panel">
        <div className="panel-head">
          <h2>{t('editor.add')}</h2>
        </div>
        <div className="plan-palette-list">
          {TYPES.map((type) => (
            <button
              key={type}
              type="button"
              className="plan-new"
              draggable
              aria-label={t('editor.addType', { type: t(`type.${type}`) })}
              data-testid={`plan-add-${type}`}
              onDragStart={(event) => event.dataTransfer.setData(DRAG_TYPE, type)}
              onClick={() => onAdd(type)}
            >
              <ItemIcon type={type} /> {t(`type.${type}`)}
            </button>
          ))}
        </div>
      </section>
      <section className="panel">
        <div className="panel-head">
          <h2>
            {t('editor.tray')} {tray.length > 0 && <span className="plan-count">{tray.length}</span>}
          </h2>
        </div>
        {tray.length === 0 ? (
          <p className="muted panel-body">{t('editor.trayNone')}</p>
        ) : (
          <>
            <ul className="plan-tray">
              {tray.map((item) => (
                <li key={item.id}>
                  <button
                    type="button"
                    className="plan-new"
                    aria-label={t('editor.place', { name: nameOf(item) })}
                    onClick={() => onPlace([item])}
                  >
                    <ItemIcon type={item.type} /> {nameOf(item)}
                  </button>
                </li>
              ))}
            </ul>
            <div className="panel-body">
              <Button block icon={<PlusOutlined />} onClick={() => onPlace(tray)} data-testid="plan-place-all">
                {t('editor.placeAll')}
              </Button>
            </div>
          </>
        )}
      </section>
    </div>
  )
}
