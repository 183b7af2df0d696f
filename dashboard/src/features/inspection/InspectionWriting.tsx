import type { InspectionSheet } from '@roomkeeper/shared/registers'
import { Input } from 'antd'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useConnection } from '../../client/connection.ts'
import type { Paper } from '../../client/offline/paper.ts'
import { Field } from '../../ui/Field.tsx'
import { showToast } from '../../ui/toasts.tsx'
import { checklistOf } from '../registers/checklist.ts'
import { CheckList } from './CheckList.tsx'
import { progressOf } from './check-flow.ts'
import { PaperPhotos } from './PaperPhotos.tsx'
import { PaperState } from './PaperState.tsx'
import { SensorSummary } from './SensorSummary.tsx'
import { SignPanel } from './SignPanel.tsx'
import { changeFields, isAllSent } from './use-paper.ts'
import './check-cards.css'
import './inspection.css'

const SUMMARY_LENGTH = 2000
const PHOTOS_MAX = 10

/** The three minutes: what the sensors say, what people look at, the signature. */
export function InspectionWriting({ paper }: { paper: Paper }) {
  const { t } = useTranslation('inspection')
  const isLive = useConnection().phase === 'live'
  const list = useRef<HTMLDivElement>(null)
  const sheet = paper.sheet as Partial<InspectionSheet>
  const answers = checklistOf(paper.fields.checklist)
  const progress = progressOf(sheet, answers)
  const isReadOnly = paper.waiting !== null
  const photos = Array.isArray(paper.fields.photos) ? (paper.fields.photos as number[]) : []
  useDropForeignAnswers(paper, sheet)

  function goTo(item: string | undefined): void {
    const target =
      item === undefined ? document.getElementById('sign') : list.current?.querySelector<HTMLElement>(`[data-item="${CSS.escape(item)}"]`)
    target?.scrollIntoView({ block: item === undefined ? 'start' : 'center', behavior: 'smooth' })
    target?.focus({ preventScroll: true })
  }

  return (
    <div className="inspection" data-testid="inspection">
      <div className="inspection-side">
        <PaperState paper={paper} />
        <SensorSummary sheet={sheet} isOwn={paper.seen !== null} />
      </div>
      <div className="inspection-main" ref={list}>
        <CheckList paper={paper} sheet={sheet} isReadOnly={isReadOnly} />
        {!isReadOnly && (
          <>
            <section className="panel inspection-rest">
              <Field label={t('check.summary')}>
                <Input.TextArea
                  autoSize={{ minRows: 2, maxRows: 8 }}
                  maxLength={SUMMARY_LENGTH}
                  placeholder={t('check.summaryHint')}
                  value={typeof paper.fields.summary === 'string' ? paper.fields.summary : ''}
                  data-testid="inspection-summary"
                  onChange={({ target: { value } }) => changeFields(paper.key, (fields) => ({ ...fields, summary: value }))}
                />
              </Field>
              <span className="field-label">{t('check.photos')}</span>
              <PaperPhotos
                paperKey={paper.key}
                field="photos"
                photos={photos}
                label={t('check.photos')}
                max={PHOTOS_MAX}
                testId="inspection-photo"
                onAdd={(id) => changeFields(paper.key, (fields) => ({ ...fields, photos: [...photosOf(fields.photos), id] }))}
                onRemove={(id) =>
                  changeFields(paper.key, (fields) => ({ ...fields, photos: photosOf(fields.photos).filter((each) => each !== id) }))
                }
              />
            </section>
            {!paper.trouble && <SignPanel paper={paper} open={progress.open} onGoTo={goTo} />}
            <div className="inspection-bar">
              <progress max={Math.max(1, progress.total)} value={progress.answered} aria-hidden="true" />
              <span role="status" data-testid="inspection-progress">
                <b>{t('check.progress', { answered: progress.answered, total: progress.total })}</b>
                {progress.abnormal > 0 && <span className="mark mark-high">{t('check.abnormalCount', { count: progress.abnormal })}</span>}
                <span className="muted inspection-saved">{isLive && isAllSent(paper) ? t('sign.saved') : t('sign.savedHere')}</span>
              </span>
              <button type="button" className="inspection-next" onClick={() => goTo(progress.open[0])} data-testid="inspection-next">
                {progress.open.length > 0 ? t('check.next') : t('check.toSign')}
              </button>
            </div>
          </>
        )}
      </div>
    </div>
  )
}

function photosOf(value: unknown): number[] {
  return Array.isArray(value) ? (value as number[]) : []
}

/** Begun without a connection by the list of an earlier inspection: what is no longer asked in this room is taken out, and that is said. */
function useDropForeignAnswers(paper: Paper, sheet: Partial<InspectionSheet>): void {
  const { t } = useTranslation('inspection')
  const items = sheet.items
  const foreign =
    paper.seen && items ? Object.keys(checklistOf(paper.fields.checklist)).filter((key) => !items.some((item) => item.key === key)) : []
  const names = foreign.join()
  useEffect(() => {
    if (names === '') return
    const keys = names.split(',')
    changeFields(paper.key, (fields) => ({
      ...fields,
      checklist: Object.fromEntries(Object.entries(checklistOf(fields.checklist)).filter(([key]) => !keys.includes(key))),
    }))
    showToast({ kind: 'info', text: t('check.dropped', { count: keys.length }) })
  }, [names, paper.key, t])
}
