import { HourglassOutlined } from '@ant-design/icons'
import type { Pairing } from '@roomkeeper/shared/http'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { queries } from '../../client/api.ts'
import { refetchTopic } from '../../client/query-client.ts'
import { useMay } from '../../client/session.ts'
import { useWords } from '../../i18n/use-words.ts'
import { showToast } from '../../ui/toasts.tsx'
import { useNowMs } from '../../ui/use-now.ts'
import { countdownText } from './pair-command.ts'

/** Codes that wait for their agents; nothing when there are none. */
export function OpenPairings() {
  const { t } = useTranslation()
  const { data } = useQuery(queries.agents.listPairings.queryOptions())
  const open = data?.filter(({ state }) => state === 'open') ?? []
  if (open.length === 0) return null
  return (
    <ul className="panel open-pairings" aria-label={t('pairing.waiting')}>
      {open.map((pairing) => (
        <OpenPairing key={pairing.id} pairing={pairing} />
      ))}
    </ul>
  )
}

function OpenPairing({ pairing }: { pairing: Pairing }) {
  const { t } = useTranslation()
  const words = useWords()
  const mayWrite = useMay('agents.write')
  const nowMs = useNowMs()
  const cancel = useMutation(
    queries.agents.cancelPairing.mutationOptions({
      onError: (error) => showToast({ kind: 'error', text: words.error(error) }),
      onSettled: () => refetchTopic('agents'),
    }),
  )
  const leftMs = pairing.expiresAtMs - nowMs
  if (leftMs <= 0) return null
  return (
    <li>
      <HourglassOutlined /> <b className="wrap-any">{`${pairing.site} / ${pairing.node}`}</b>
      <span className="muted">{t('pairing.waitingFor', { time: countdownText(leftMs), by: pairing.createdBy })}</span>
      {mayWrite && (
        <Button size="small" loading={cancel.isPending} onClick={() => cancel.mutate({ pairingId: pairing.id })}>
          {t('pairing.cancel')}
        </Button>
      )}
    </li>
  )
}
