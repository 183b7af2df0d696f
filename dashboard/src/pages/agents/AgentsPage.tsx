import { DisconnectOutlined, LinkOutlined, WarningOutlined } from '@ant-design/icons'
import type { Agent } from '@roomkeeper/shared/http'
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '../../client/api.ts'
import { useMay } from '../../client/session.ts'
import { halfOf } from '../../i18n/bilingual.ts'
import { useWords } from '../../i18n/use-words.ts'
import { type Column, DataTable } from '../../ui/DataTable.tsx'
import { PageHead } from '../../ui/PageHead.tsx'
import { Empty, QueryView } from '../../ui/states.tsx'
import { Time } from '../../ui/Time.tsx'
import { IssueDialog, RevokeDialog } from './CredentialDialogs.tsx'
import { OpenPairings } from './OpenPairings.tsx'
import { PairDialog } from './PairDialog.tsx'
import { Quarantine } from './Quarantine.tsx'
import './agents.css'

/** Above this, readings would be judged at wrong times; the agent's clock needs attention. */
const CLOCK_WARN_MS = 2000
const BACKLOG_WARN = 1000

export function AgentsPage() {
  const { t } = useTranslation()
  const mayWrite = useMay('agents.write')
  const query = useQuery({ ...queries.agents.list.queryOptions(), refetchInterval: 10_000 })
  const [isIssuing, setIsIssuing] = useState(false)
  const [revoking, setRevoking] = useState<Agent | null>(null)
  /** `new`, or the agent to pair again. */
  const [pairing, setPairing] = useState<Agent | 'new' | null>(null)

  const columns: Column<Agent>[] = [
    { key: 'node', title: t('agents.node'), render: (agent) => <b className="wrap-any">{`${agent.site} / ${agent.node}`}</b> },
    {
      key: 'online',
      title: t('agents.state'),
      render: (agent) =>
        agent.online ? (
          <span className="mark mark-ok">{t('agents.online')}</span>
        ) : (
          <span className="mark mark-high">
            <DisconnectOutlined /> {t('agents.offline')}
          </span>
        ),
    },
    { key: 'seen', title: t('agents.lastSeen'), render: (agent) => <Time ms={agent.lastSeenMs} /> },
    {
      key: 'clock',
      title: t('agents.clock'),
      className: 'num',
      render: ({ clockOffsetMs }) =>
        clockOffsetMs === null ? (
          '—'
        ) : (
          <span
            className={Math.abs(clockOffsetMs) > CLOCK_WARN_MS ? 'foot-warn nowrap' : 'nowrap'}
          >{`${clockOffsetMs >= 5 ? '+' : ''}${(Math.round(clockOffsetMs / 10) / 100 || 0).toFixed(2)} s`}</span>
        ),
    },
    {
      key: 'backlog',
      title: t('agents.backlog'),
      className: 'num',
      render: ({ backlog }) =>
        backlog === null ? '—' : <span className={backlog > BACKLOG_WARN ? 'foot-warn' : ''}>{backlog.toLocaleString()}</span>,
    },
    { key: 'version', title: t('agents.version'), render: ({ version }) => version ?? '—' },
    { key: 'faults', title: t('agents.faults'), render: (agent) => <Faults agent={agent} /> },
    {
      key: 'credential',
      title: t('agents.credential'),
      render: ({ credential }) =>
        credential === null ? (
          '—'
        ) : (
          <span>
            <span className="mono">{credential.username}</span>{' '}
            {credential.revoked && <span className="mark mark-old">{t('agents.revoked')}</span>}
          </span>
        ),
    },
    {
      key: 'actions',
      title: '',
      className: 'actions',
      render: (agent) =>
        mayWrite && (
          <span className="form-actions">
            <Button size="small" icon={<LinkOutlined />} onClick={() => setPairing(agent)}>
              {t('pairing.again')}
            </Button>
            {agent.credential && !agent.credential.revoked && (
              <Button size="small" danger onClick={() => setRevoking(agent)}>
                {t('agents.revoke')}
              </Button>
            )}
          </span>
        ),
    },
  ]
  return (
    <>
      <PageHead title={t('nav.agents')}>
        {mayWrite && (
          <>
            <Button data-testid="agent-issue" onClick={() => setIsIssuing(true)}>
              {t('agents.issue')}
            </Button>
            <Button type="primary" icon={<LinkOutlined />} data-testid="agent-pair" onClick={() => setPairing('new')}>
              {t('pairing.new')}
            </Button>
          </>
        )}
      </PageHead>
      <OpenPairings />
      <div className="panel table-scroll">
        <QueryView query={query}>
          {(agents) =>
            agents.length === 0 ? (
              <Empty>{t('agents.none')}</Empty>
            ) : (
              <DataTable
                rows={agents}
                columns={columns}
                rowKey={({ id }) => id}
                rowTestId={({ id }) => `agent-row-${id}`}
                caption={t('nav.agents')}
                expanded={(agent) => (agent.online ? undefined : <OfflineAdvice agent={agent} />)}
              />
            )
          }
        </QueryView>
      </div>
      <Quarantine />
      {isIssuing && <IssueDialog onClose={() => setIsIssuing(false)} />}
      {pairing && (
        <PairDialog
          {...(pairing === 'new' ? {} : { agent: pairing })}
          {...(query.data?.[0] ? { site: query.data[0].site } : {})}
          onClose={() => setPairing(null)}
        />
      )}
      {revoking && <RevokeDialog agent={revoking} onClose={() => setRevoking(null)} />}
    </>
  )
}

/** What the person in front of it can do. */
function OfflineAdvice({ agent: { credential, lastSeenMs } }: { agent: Agent }) {
  const { t } = useTranslation()
  const advice = credential?.revoked ? 'adviceRevoked' : lastSeenMs === null ? 'adviceNever' : 'adviceOffline'
  return <p className="agent-advice">{t(`pairing.${advice}`)}</p>
}

function Faults({ agent }: { agent: Agent }) {
  const { t, i18n } = useTranslation()
  const words = useWords()
  if (agent.faults.length === 0) return <span className="muted">{t('agents.noFaults')}</span>
  return (
    <ul className="faults">
      {agent.faults.map((fault) => (
        <li key={`${fault.device}-${fault.kind}-${fault.message}`}>
          <WarningOutlined /> <b>{fault.device ?? t('agents.itself')}</b>: {words.faultKind(fault.kind)}{' '}
          <span className="muted wrap-any">{halfOf(fault.message, i18n.language)}</span>
        </li>
      ))}
    </ul>
  )
}
