import { FileExcelOutlined, PlusOutlined, PrinterOutlined, UploadOutlined } from '@ant-design/icons'
import type { Port } from '@roomkeeper/shared/http'
import { useQuery } from '@tanstack/react-query'
import { Button, Input, Select } from 'antd'
import { Fragment, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'react-router'
import { queries } from '../../client/api.ts'
import { useMay } from '../../client/session.ts'
import { type Column, DataTable } from '../../ui/DataTable.tsx'
import { Empty, QueryView } from '../../ui/states.tsx'
import { ImportDialog } from './import-dialog.ts'
import { PortDialog } from './PortDialog.tsx'
import { sheetUrl } from './sheet-urls.ts'

/** Every switch port with what is at its other end. */
export function Ports() {
  const { t, i18n } = useTranslation('network')
  const { t: common } = useTranslation()
  const mayWrite = useMay('network.write')
  const [search, setSearch] = useSearchParams()
  const [editing, setEditing] = useState<Port | 'new' | null>(null)
  const [isImporting, setIsImporting] = useState(false)
  const ports = useQuery(queries.network.ports.queryOptions({ input: {} }))
  const switchName = search.get('switch') ?? ''
  const q = search.get('q') ?? ''
  const sought = q.toLowerCase()
  const filter = (patch: Record<string, string>) => {
    const next = { tab: 'ports', switch: switchName, q, ...patch }
    setSearch(Object.fromEntries(Object.entries(next).filter(([, value]) => value !== '')))
  }
  const switches = [...new Set(ports.data?.map((port) => port.switchName))]
  const fits = (port: Port) =>
    (switchName === '' || port.switchName === switchName) &&
    [...textsOf(port), ...port.ends.flatMap((end) => [end.name, end.port])].some((text) => text.toLowerCase().includes(sought))
  const columns: Column<Port>[] = [
    { key: 'switch', title: t('switchName'), render: (port) => port.switchName },
    { key: 'port', title: t('port'), render: ({ port }) => <b className="mono">{port}</b> },
    { key: 'label', title: t('label'), render: ({ label }) => <span className="mono">{label}</span> },
    {
      key: 'state',
      title: t('state'),
      render: ({ state }) => (
        <span className={`mark ${state === 'used' ? 'mark-ok' : state === 'broken' ? 'mark-bad' : 'mark-old'}`}>
          {t(`portStates.${state}`)}
        </span>
      ),
    },
    { key: 'peer', title: t('peer'), render: (port) => port.ends.length > 0 && <Ends port={port} /> },
    { key: 'vlan', title: t('vlan'), render: ({ vlan }) => vlan },
    { key: 'cable', title: t('cable'), render: ({ cable }) => cable },
    { key: 'room', title: t('room'), render: ({ roomName }) => roomName },
    {
      key: 'actions',
      title: '',
      className: 'actions',
      render: (port) =>
        mayWrite && (
          <Button size="small" data-testid={`port-${port.id}`} onClick={() => setEditing(port)}>
            {common('common.edit')}
          </Button>
        ),
    },
  ]
  const query = { switchName, q, language: i18n.language }
  const hasNone = !ports.data?.some(fits)
  return (
    <>
      <div className="network-bar">
        <Select
          value={switchName}
          aria-label={t('switchName')}
          options={[{ value: '', label: t('allSwitches') }, ...switches.map((value) => ({ value, label: value }))]}
          onChange={(value) => filter({ switch: value })}
        />
        <Input.Search
          key={q}
          allowClear
          defaultValue={q}
          placeholder={t('searchPorts')}
          aria-label={t('searchPorts')}
          data-testid="port-search"
          onSearch={(text) => filter({ q: text })}
        />
        <Button
          icon={<PrinterOutlined />}
          disabled={hasNone}
          href={sheetUrl('switch-ports/labels.pdf', query)}
          target="_blank"
          data-testid="port-labels"
        >
          {t('printLabels')}
        </Button>
        <Button icon={<FileExcelOutlined />} disabled={hasNone} href={sheetUrl('switch-ports.xlsx', query)}>
          {t('exportExcel')}
        </Button>
        {mayWrite && (
          <Button icon={<UploadOutlined />} data-testid="port-import" onClick={() => setIsImporting(true)}>
            {t('import')}
          </Button>
        )}
        {mayWrite && (
          <Button type="primary" icon={<PlusOutlined />} data-testid="port-add" onClick={() => setEditing('new')}>
            {t('addPorts')}
          </Button>
        )}
      </div>
      <section className="panel">
        <QueryView query={ports}>
          {(all) => {
            const rows = all.filter(fits)
            if (all.length > 0 && rows.length === 0) return <Empty>{t('noMatch')}</Empty>
            if (rows.length === 0)
              return (
                <Empty>
                  {t('noPorts')}
                  {mayWrite && (
                    <button type="button" className="link-button network-first" onClick={() => setEditing('new')}>
                      <PlusOutlined /> {t('addPorts')}
                    </button>
                  )}
                </Empty>
              )
            return (
              <div className="network-table">
                <DataTable rows={rows} columns={columns} rowKey={({ id }) => id} caption={t('tab.ports')} />
              </div>
            )
          }}
        </QueryView>
      </section>
      {editing && (
        <PortDialog
          port={editing === 'new' ? undefined : editing}
          ports={ports.data ?? []}
          switchName={switchName}
          onClose={() => setEditing(null)}
        />
      )}
      {isImporting && (
        <Suspense>
          <ImportDialog
            title={t('tab.ports')}
            keyNote={t('importKey.ports')}
            templateUrl={sheetUrl('switch-ports/import-template.xlsx', {})}
            importUrl={(apply) => sheetUrl('switch-ports/import', { apply: apply ? '1' : '0' })}
            topic="network"
            onClose={() => setIsImporting(false)}
          />
        </Suspense>
      )}
    </>
  )
}

function textsOf({ switchName, port, label, vlan, peer, peerPort, cable, note }: Port): string[] {
  return [switchName, port, label, vlan, peer, peerPort, cable, note]
}

/** What a port is patched to, as a link where that is a port of this table; and what cannot be. */
function Ends({ port: { ends, patchProblems } }: { port: Port }) {
  const { t } = useTranslation('network')
  return (
    <span className="conflict">
      {ends.map(({ portId, name, port }) => {
        const text = [name, port].filter(Boolean).join(' → ')
        if (portId === null) return <span key={text}>{text}</span>
        const to = `?${new URLSearchParams({ tab: 'ports', switch: name, q: port }).toString()}`
        return (
          <Link key={text} to={to}>
            {text}
          </Link>
        )
      })}
      {patchProblems.map((problem) => (
        <Fragment key={problem}>
          <span className="mark mark-bad">{t(`patchProblem.${problem}`)}</span>
          <span className="muted">{t(`patchAdvice.${problem}`)}</span>
        </Fragment>
      ))}
    </span>
  )
}
