import { CheckOutlined, DisconnectOutlined } from '@ant-design/icons'
import type { DeviceSummary } from '@roomkeeper/shared/http'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Button, Popconfirm, Segmented } from 'antd'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'react-router'
import { queries } from '../../client/api.ts'
import { refetchTopic } from '../../client/query-client.ts'
import { useMay } from '../../client/session.ts'
import { useWords } from '../../i18n/use-words.ts'
import { type Column, DataTable } from '../../ui/DataTable.tsx'
import { PageHead } from '../../ui/PageHead.tsx'
import { Empty, QueryView } from '../../ui/states.tsx'
import { Time } from '../../ui/Time.tsx'
import { showToast } from '../../ui/toasts.tsx'
import './devices-page.css'

const DeviceDrawer = lazy(async () => ({ default: (await import('../../features/devices/DeviceDrawer.tsx')).DeviceDrawer }))

const SCOPES = ['new', 'all', 'retired'] as const
type Scope = (typeof SCOPES)[number]

/** Every device: those that wait for a name and a room, all that are in use, and those taken out of use. */
export function DevicesPage() {
  const { t } = useTranslation()
  const [search, setSearch] = useSearchParams()
  const scope = SCOPES.find((one) => one === search.get('scope')) ?? 'all'
  const deviceId = Number(search.get('device')) || null
  const query = useQuery(queries.devices.list.queryOptions({ input: { scope } }))
  // Counted where they are listed; those out of use have no new ones among them.
  const newCount = query.data?.filter(({ isNew }) => isNew).length ?? 0
  const open = (id: number | null) => setSearch({ scope, ...(id === null ? {} : { device: String(id) }) })
  return (
    <>
      <PageHead title={t('nav.devices')} note={t('devices.pageNote')}>
        {scope === 'new' && <ConfirmAll devices={query.data ?? []} />}
        <Segmented
          value={scope}
          options={SCOPES.map((value) => ({
            value,
            label: (
              <>
                {t(`devices.scope.${value}`)}
                {value === 'new' && newCount > 0 && <b className="scope-count">{newCount}</b>}
              </>
            ),
          }))}
          onChange={(next: Scope) => setSearch({ scope: next })}
        />
      </PageHead>
      <div className="panel">
        <QueryView query={query}>
          {(devices) =>
            devices.length === 0 ? <Empty>{t(`devices.none.${scope}`)}</Empty> : <DeviceTable devices={devices} onOpen={open} />
          }
        </QueryView>
      </div>
      {deviceId !== null && (
        <Suspense>
          <DeviceDrawer key={deviceId} deviceId={deviceId} onClose={() => open(null)} />
        </Suspense>
      )}
    </>
  )
}

/** For a whole agent whose configuration has good names already: nobody should open forty forms for that. */
function ConfirmAll({ devices }: { devices: readonly DeviceSummary[] }) {
  const { t } = useTranslation()
  const words = useWords()
  const mayWrite = useMay('rooms.write')
  const confirm = useMutation(
    queries.devices.confirm.mutationOptions({
      onSuccess: () => refetchTopic('rooms'),
      onError: (error) => showToast({ kind: 'error', text: words.error(error) }),
    }),
  )
  if (!mayWrite || devices.length === 0) return null
  return (
    <Popconfirm
      title={t('devices.confirmAllQuestion', { count: devices.length })}
      okText={t('devices.confirmAll')}
      cancelText={t('common.cancel')}
      onConfirm={() => confirm.mutate({ deviceIds: devices.map(({ id }) => id) })}
    >
      <Button icon={<CheckOutlined />} loading={confirm.isPending} data-testid="confirm-all">
        {t('devices.confirmAll')}
      </Button>
    </Popconfirm>
  )
}

function DeviceTable({ devices, onOpen }: { devices: readonly DeviceSummary[]; onOpen: (deviceId: number) => void }) {
  const { t } = useTranslation()
  const words = useWords()
  const mayWrite = useMay('rooms.write')
  const columns: Column<DeviceSummary>[] = [
    {
      key: 'name',
      title: t('devices.device'),
      className: 'no-label',
      render: (device) => (
        <div>
          <button type="button" className="link-button" data-testid={`device-open-${device.id}`} onClick={() => onOpen(device.id)}>
            <b>{words.device(device)}</b>
          </button>{' '}
          {device.isNew && <span className="mark mark-plain">{t('devices.scope.new')}</span>}{' '}
          {!device.online && (
            <span className="mark mark-old">
              <DisconnectOutlined /> {t('agents.offline')}
            </span>
          )}
          <div className="muted mono">{device.path}</div>
        </div>
      ),
    },
    { key: 'model', title: t('devices.makerModel'), render: ({ maker, model }) => [maker, model].filter(Boolean).join(' ') || '—' },
    { key: 'room', title: t('room.inRoom'), render: ({ roomId, roomName }) => <Link to={`/rooms/${roomId}`}>{roomName}</Link> },
    { key: 'points', title: t('devices.pointCount'), render: ({ pointCount }) => pointCount },
    {
      key: 'at',
      title: t('devices.bornAt'),
      render: ({ bornAtMs, retired }) =>
        retired ? (
          <span>
            {t('devices.retiredBy', { name: retired.by, reason: retired.reason })} <Time ms={retired.atMs} />
          </span>
        ) : (
          <Time ms={bornAtMs} />
        ),
    },
    {
      key: 'open',
      title: '',
      className: 'actions',
      render: (device) => (
        <Button size="small" type={device.isNew && mayWrite ? 'primary' : 'default'} onClick={() => onOpen(device.id)}>
          {t(mayWrite ? (device.isNew ? 'devices.nameIt' : 'common.edit') : 'devices.show')}
        </Button>
      ),
    },
  ]
  return (
    <DataTable
      rows={devices}
      columns={columns}
      rowKey={({ id }) => id}
      rowTestId={({ id }) => `device-row-${id}`}
      caption={t('nav.devices')}
    />
  )
}
