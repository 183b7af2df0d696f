import { PrinterOutlined } from '@ant-design/icons'
import { INSPECTION_ITEM_NAMES, INSPECTION_ITEMS, type Inspection } from '@roomkeeper/shared/http'
import { unitSymbol } from '@roomkeeper/shared/units'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { dateTimeText } from '../../i18n/format.ts'
import { useWords } from '../../i18n/use-words.ts'
import { type Column, DataTable } from '../../ui/DataTable.tsx'
import { measuredUnit } from './inspection-words.ts'

type ItemName = (typeof INSPECTION_ITEM_NAMES)[number]

/** A sheet as it was signed. Printable. */
export function InspectionRecord({ inspection }: { inspection: Inspection }) {
  const { t } = useTranslation()
  const words = useWords()
  const columns: Column<ItemName>[] = [
    { key: 'item', title: t('inspections.item'), render: (item) => words.of(INSPECTION_ITEMS[item]) },
    {
      key: 'result',
      title: t('inspections.result'),
      render: (item) => {
        const result = inspection.fields.answers[item]?.result
        return result ? <span className={`mark ${result === 'normal' ? 'mark-ok' : 'mark-high'}`}>{t(`inspections.${result}`)}</span> : '—'
      },
    },
    {
      key: 'measured',
      title: t('inspections.measured'),
      render: (item) => {
        const unit = measuredUnit(item)
        const value = inspection.fields.answers[item]?.measured
        return unit && value !== undefined && value !== null ? `${value} ${unitSymbol(unit)}` : '—'
      },
    },
    {
      key: 'sensor',
      title: t('inspections.sensorSaid'),
      render: (item) => {
        const measured = inspection.measured[item]
        const unit = unitSymbol(measuredUnit(item) ?? '1')
        if (!measured || measured.latest === null) return '—'
        return `${measured.latest.toFixed(1)} ${unit}${measured.min !== null && measured.max !== null ? ` (${measured.min.toFixed(1)} – ${measured.max.toFixed(1)})` : ''}`
      },
    },
    {
      key: 'note',
      title: t('inspections.itemNote'),
      render: (item) => <span className="prewrap">{inspection.fields.answers[item]?.note || '—'}</span>,
    },
  ]
  return (
    <section data-testid="inspection-record">
      <DataTable rows={INSPECTION_ITEM_NAMES} columns={columns} rowKey={(item) => item} caption={t('nav.inspections')} />
      <div className="panel-body">
        {inspection.fields.note && <p className="prewrap">{inspection.fields.note}</p>}
        <p>
          {inspection.submittedAtMs === null
            ? t('inspections.draftOf', { name: inspection.startedBy })
            : t('sign.signed', { name: inspection.submittedBy ?? '', time: dateTimeText(inspection.submittedAtMs) })}
        </p>
        <Button className="no-print" icon={<PrinterOutlined />} onClick={() => window.print()}>
          {t('common.print')}
        </Button>
      </div>
    </section>
  )
}
