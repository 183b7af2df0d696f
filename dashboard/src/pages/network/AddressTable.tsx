import type { Address } from '@roomkeeper/shared/http'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { type Column, DataTable } from '../../ui/DataTable.tsx'
import { Time } from '../../ui/Time.tsx'

interface Props {
  rows: readonly Address[]
  mayWrite: boolean
  onOpen(address: Address): void
  /** For an address that is in none. */
  onAddSubnet(address: string): void
}

/** Addresses with what the table says, what agents see, and what to do where these differ. */
export function AddressTable({ rows, mayWrite, onOpen, onAddSubnet }: Props) {
  const { t } = useTranslation('network')
  const { t: common } = useTranslation()
  const columns: Column<Address>[] = [
    { key: 'address', title: t('address'), render: ({ address }) => <b className="mono">{address}</b> },
    {
      key: 'state',
      title: t('state'),
      render: ({ id, state }) => (id === null ? <span className="muted">{t('notListed')}</span> : t(`states.${state}`)),
    },
    { key: 'hostname', title: t('hostname'), render: ({ hostname }) => hostname },
    { key: 'mac', title: t('mac'), render: ({ mac }) => mac !== '' && <span className="mono">{mac}</span> },
    {
      key: 'user',
      title: t('department'),
      className: 'nowrap',
      render: ({ department, custodian }) => [department, custodian].filter(Boolean).join(' · '),
    },
    {
      key: 'seen',
      title: t('seenBy'),
      render: ({ seen }) =>
        seen.length === 0 ? (
          <span className="muted">{t('never')}</span>
        ) : (
          <span className="seen-list">
            {seen.map((sight) => (
              <span key={sight.source}>
                {sight.source} {sight.name} <span className="mono">{sight.mac}</span> <Time ms={sight.lastSeenMs} />
              </span>
            ))}
          </span>
        ),
    },
    {
      key: 'conflicts',
      title: t('difference'),
      render: ({ conflicts, subnetId }) => (
        <>
          {conflicts.map((conflict) => (
            <span key={conflict} className="conflict">
              <span className="mark mark-bad">{t(`conflict.${conflict}`)}</span>
              <span className="muted">{t(`whatToDo.${conflict}`)}</span>
            </span>
          ))}
          {subnetId === null && (
            <span className="conflict">
              <span className="mark mark-old">{t('noSubnet')}</span>
              <span className="muted">{t('noSubnetAdvice')}</span>
            </span>
          )}
        </>
      ),
    },
    {
      key: 'actions',
      title: '',
      className: 'actions',
      render: (row) => {
        const isOutside = row.subnetId === null
        if (isOutside && !mayWrite) return null
        return (
          <Button size="small" data-testid={`address-${row.address}`} onClick={() => (isOutside ? onAddSubnet(row.address) : onOpen(row))}>
            {isOutside ? t('addSubnet') : !mayWrite ? t('look') : row.id === null ? t('register') : common('common.edit')}
          </Button>
        )
      },
    },
  ]
  return (
    <div className="network-table">
      <DataTable
        rows={rows}
        columns={columns}
        rowKey={({ address }) => address}
        caption={t('tab.addresses')}
        rowClassName={({ conflicts }) => (conflicts.length > 0 ? 'row-conflict' : '')}
        rowTestId={({ address }) => `row-${address}`}
      />
    </div>
  )
}
