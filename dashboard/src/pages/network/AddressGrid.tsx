import type { Address, Subnet } from '@roomkeeper/shared/http'
import { useTranslation } from 'react-i18next'
import { hostsOf } from './hosts.ts'

const LEGEND = ['used', 'reserved', 'gateway', 'free', 'conflict'] as const

/** A subnet as one cell for each address; up to a /23. Larger ones are read in the table. */
export function AddressGrid({
  subnet,
  rows,
  onOpen,
}: {
  subnet: Subnet
  rows: readonly Address[]
  onOpen(address: Address | string): void
}) {
  const { t } = useTranslation('network')
  const hosts = hostsOf(subnet.cidr)
  if (hosts.length === 0) return null
  const rowOf = new Map(rows.map((row) => [row.address, row]))
  return (
    <>
      <fieldset className="address-grid" aria-label={t('grid', { cidr: subnet.cidr })}>
        {hosts.map((address) => {
          const row = rowOf.get(address)
          const [conflict] = row?.conflicts ?? []
          const isGateway = address === subnet.gateway
          const kind = conflict ? 'conflict' : isGateway ? 'gateway' : (row?.state ?? 'free')
          const words = conflict ? t(`conflict.${conflict}`) : isGateway ? t('gateway') : t(`states.${row?.state ?? 'free'}`)
          const label = [t('gridLabel', { address, state: words }), row?.hostname].filter(Boolean).join(' ')
          return (
            <button
              key={address}
              type="button"
              className={`cell cell-${kind}`}
              title={label}
              aria-label={label}
              onClick={() => onOpen(row ?? address)}
            >
              {address.split('.').at(-1)}
            </button>
          )
        })}
      </fieldset>
      <ul className="address-legend" aria-hidden="true">
        {LEGEND.map((kind) => (
          <li key={kind}>
            <span className={`cell cell-${kind}`} />
            {kind === 'conflict' ? t('difference') : kind === 'gateway' ? t('gateway') : t(`states.${kind}`)}
          </li>
        ))}
      </ul>
    </>
  )
}
