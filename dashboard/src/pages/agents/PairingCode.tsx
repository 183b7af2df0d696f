import { CheckCircleOutlined } from '@ant-design/icons'
import type { Pairing } from '@roomkeeper/shared/http'
import { useQuery } from '@tanstack/react-query'
import { Alert } from 'antd'
import { useTranslation } from 'react-i18next'
import { queries } from '../../client/api.ts'
import { Secret } from '../../ui/Secret.tsx'
import { useNowMs } from '../../ui/use-now.ts'
import { countdownText, isLoopback, isPlainHttp, pairCommand } from './pair-command.ts'

/** The code, the command to type, and what came of it. */
export function PairingCode({ pairing, code }: { pairing: Pairing; code: string }) {
  const { t } = useTranslation()
  if (pairing.state === 'used') return <Paired pairing={pairing} />
  if (pairing.state !== 'open') return <Alert type="warning" showIcon title={t(`pairing.${pairing.state}`)} />
  return (
    <>
      <p className="pairing-code" data-testid="pairing-code">
        {code}
      </p>
      <Countdown untilMs={pairing.expiresAtMs} />
      <ol className="pairing-steps">
        <li>{t('pairing.stepMachine')}</li>
        <li>
          <Secret label={t('pairing.stepCommand')} text={pairCommand(window.location.origin, code)} />
        </li>
        <li>{t('pairing.stepWait')}</li>
      </ol>
      {isLoopback(window.location.origin) && <Alert type="info" showIcon title={t('pairing.loopback')} />}
      {isPlainHttp(window.location.origin) && <Alert type="warning" showIcon title={t('pairing.plain')} />}
    </>
  )
}

function Countdown({ untilMs }: { untilMs: number }) {
  const { t } = useTranslation()
  const nowMs = useNowMs()
  return <p className="pairing-countdown">{t('pairing.validFor', { time: countdownText(untilMs - nowMs) })}</p>
}

/** The agent took its credential; then it connects, or somebody has to look why it does not. */
function Paired({ pairing }: { pairing: Pairing }) {
  const { t } = useTranslation()
  const { data: agents } = useQuery({ ...queries.agents.list.queryOptions(), refetchInterval: 3000 })
  const isOnline = agents?.some(({ site, node, online }) => online && site === pairing.site && node === pairing.node) ?? false
  return (
    <div data-testid="pairing-done">
      <p className="pairing-done">
        <CheckCircleOutlined /> {t('pairing.used', { address: pairing.usedFrom ?? '' })}
      </p>
      {isOnline ? (
        <Alert type="success" showIcon title={t('pairing.online')} />
      ) : (
        <Alert type="info" showIcon title={t('pairing.notOnline')} description={<code>roomkeeper agent run</code>} />
      )}
    </div>
  )
}
