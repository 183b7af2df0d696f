import { FileExcelOutlined, PlusOutlined, UploadOutlined } from '@ant-design/icons'
import type { Address, Subnet } from '@roomkeeper/shared/http'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Button, Input } from 'antd'
import { Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { queries } from '../../client/api.ts'
import { useMay } from '../../client/session.ts'
import { Empty, QueryView } from '../../ui/states.tsx'
import { AddressDialog } from './AddressDialog.tsx'
import { AddressGrid } from './AddressGrid.tsx'
import { AddressTable } from './AddressTable.tsx'
import { ImportDialog } from './import-dialog.ts'
import { SubnetDialog } from './SubnetDialog.tsx'
import { sheetUrl } from './sheet-urls.ts'

/** Subnets on the left, the addresses of the chosen one, and above all what does not fit reality. */
export function Addresses() {
  const { t, i18n } = useTranslation('network')
  const mayWrite = useMay('network.write')
  const [search, setSearch] = useSearchParams()
  const [editing, setEditing] = useState<Subnet | { cidr: string } | null>(null)
  const [isImporting, setIsImporting] = useState(false)
  const [address, setAddress] = useState<Address | string | null>(null)
  const subnets = useQuery(queries.network.subnets.queryOptions())
  const q = search.get('q') ?? ''
  const chosen = subnets.data?.find(({ id }) => String(id) === search.get('subnet'))
  const choose = (subnet: Subnet) => setSearch(subnet.id === chosen?.id ? {} : { subnet: String(subnet.id) })
  return (
    <>
      <div className="network-bar">
        <Input.Search
          allowClear
          defaultValue={q}
          placeholder={t('search')}
          aria-label={t('search')}
          data-testid="address-search"
          onSearch={(text) => setSearch(text ? { q: text } : {})}
        />
        <Button
          icon={<FileExcelOutlined />}
          href={sheetUrl('addresses.xlsx', { subnetId: chosen ? String(chosen.id) : '', language: i18n.language })}
        >
          {t('exportExcel')}
        </Button>
        {mayWrite && (
          <Button icon={<UploadOutlined />} data-testid="address-import" onClick={() => setIsImporting(true)}>
            {t('import')}
          </Button>
        )}
        {mayWrite && (
          <Button type="primary" icon={<PlusOutlined />} data-testid="subnet-add" onClick={() => setEditing({ cidr: '' })}>
            {t('addSubnet')}
          </Button>
        )}
      </div>
      <QueryView query={subnets}>
        {(list) =>
          list.length === 0 ? (
            <div className="panel">
              <Empty>
                {t('noSubnets')}
                {mayWrite && (
                  <button type="button" className="link-button network-first" onClick={() => setEditing({ cidr: '' })}>
                    <PlusOutlined /> {t('addSubnet')}
                  </button>
                )}
              </Empty>
            </div>
          ) : (
            <ul className="subnets">
              {list.map((subnet) => (
                <li key={subnet.id}>
                  <button
                    type="button"
                    className="subnet"
                    aria-pressed={subnet.id === chosen?.id}
                    data-testid={`subnet-${subnet.id}`}
                    onClick={() => choose(subnet)}
                  >
                    <b className="mono">{subnet.cidr}</b>
                    <span>{subnet.name}</span>
                    <span className="subnet-bar" aria-hidden="true">
                      <i style={{ width: `${(100 * subnet.used) / Math.max(1, subnet.size)}%` }} />
                    </span>
                    <span className="muted">{t('use', { used: subnet.used, reserved: subnet.reserved, size: subnet.size })}</span>
                    {subnet.conflicts > 0 && <span className="mark mark-bad">{t('conflictCount', { count: subnet.conflicts })}</span>}
                  </button>
                </li>
              ))}
            </ul>
          )
        }
      </QueryView>
      <AddressList
        key={chosen?.id ?? q}
        subnet={chosen}
        q={q}
        onOpen={setAddress}
        onAddSubnet={(inside) => setEditing({ cidr: subnetAround(inside) })}
        onEditSubnet={mayWrite && chosen ? () => setEditing(chosen) : undefined}
        mayWrite={mayWrite}
      />
      {editing && <SubnetDialog subnet={editing} onClose={() => setEditing(null)} />}
      {isImporting && (
        <Suspense>
          <ImportDialog
            title={t('tab.addresses')}
            keyNote={t('importKey.addresses')}
            templateUrl={sheetUrl('addresses/import-template.xlsx', {})}
            importUrl={(apply) => sheetUrl('addresses/import', { apply: apply ? '1' : '0' })}
            topic="network"
            onClose={() => setIsImporting(false)}
          />
        </Suspense>
      )}
      {address && <AddressDialog address={address} mayWrite={mayWrite} onClose={() => setAddress(null)} />}
    </>
  )
}

interface ListProps {
  subnet: Subnet | undefined
  q: string
  mayWrite: boolean
  onOpen(address: Address | string): void
  onAddSubnet(address: string): void
  onEditSubnet: (() => void) | undefined
}

/** The /24 around an address: what most are. */
function subnetAround(address: string): string {
  return `${address.split('.').slice(0, 3).join('.')}.0/24`
}

function AddressList({ subnet, q, mayWrite, onOpen, onAddSubnet, onEditSubnet }: ListProps) {
  const { t } = useTranslation('network')
  const { t: common } = useTranslation()
  const input = { ...(subnet && { subnetId: subnet.id }), ...(q && { q }) }
  const addresses = useQuery({ ...queries.network.addresses.queryOptions({ input }), placeholderData: keepPreviousData })
  const free = useQuery(queries.network.nextFree.queryOptions({ input: { subnetId: subnet?.id ?? 1 }, enabled: subnet !== undefined }))
  const next = free.data?.address
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{subnet ? `${subnet.cidr} ${subnet.name}` : q ? q : t('differences')}</h2>
        {!subnet && !q && <span className="muted">{t('differencesNote')}</span>}
        {subnet && (
          <span className="form-actions">
            {onEditSubnet && (
              <Button size="small" data-testid="subnet-edit" onClick={onEditSubnet}>
                {common('common.edit')}
              </Button>
            )}
            {mayWrite && (
              <Button
                size="small"
                type="primary"
                icon={<PlusOutlined />}
                disabled={!next}
                title={next === null ? t('full') : undefined}
                data-testid="address-add"
                onClick={() => next && onOpen(next)}
              >
                {next ? `${t('addAddress')} ${next}` : t('addAddress')}
              </Button>
            )}
          </span>
        )}
      </div>
      <QueryView query={addresses}>
        {(rows) => (
          <>
            {subnet && <AddressGrid subnet={subnet} rows={rows} onOpen={onOpen} />}
            {rows.length === 0 ? (
              <Empty>{subnet ? t('noAddresses') : q ? t('noMatch') : t('noDifferences')}</Empty>
            ) : (
              <AddressTable rows={rows} mayWrite={mayWrite} onOpen={onOpen} onAddSubnet={onAddSubnet} />
            )}
          </>
        )}
      </QueryView>
    </section>
  )
}
