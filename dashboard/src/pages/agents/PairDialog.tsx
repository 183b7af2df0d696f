import type { Pairing } from '@roomkeeper/shared/http'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Alert, Button, Input, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '../../client/api.ts'
import { refetchTopic } from '../../client/query-client.ts'
import { useWords } from '../../i18n/use-words.ts'
import { Field } from '../../ui/Field.tsx'
import { PairingCode } from './PairingCode.tsx'

interface Props {
  /** The agent to pair again; without it a new one is named here. */
  agent?: { site: string; node: string }
  /** Proposed for a new agent. */
  site?: string
  /** Proposed for its devices. */
  room?: string
  onClose: () => void
}

/** Names the agent, then shows its code until the agent came with it. */
export function PairDialog({ agent, site: proposedSite, room: proposedRoom, onClose }: Props) {
  const { t } = useTranslation()
  const words = useWords()
  const [site, setSite] = useState(agent?.site ?? proposedSite ?? '')
  const [node, setNode] = useState(agent?.node ?? '')
  const [room, setRoom] = useState(proposedRoom ?? '')
  const create = useMutation(queries.agents.createPairing.mutationOptions({ onSuccess: () => refetchTopic('agents') }))
  const cancel = useMutation(queries.agents.cancelPairing.mutationOptions({ onSettled: () => refetchTopic('agents') }))
  const made = create.data
  const pairing = useLivePairing(made?.pairing)
  if (made && pairing) {
    return (
      <Modal
        open
        title={t('pairing.title', { name: `${pairing.site} / ${pairing.node}` })}
        mask={{ closable: false }}
        onCancel={onClose}
        footer={
          <>
            {pairing.state === 'open' && (
              <Button
                danger
                loading={cancel.isPending}
                data-testid="pairing-cancel"
                onClick={() => cancel.mutate({ pairingId: pairing.id })}
              >
                {t('pairing.cancel')}
              </Button>
            )}
            <Button type="primary" onClick={onClose}>
              {t('common.close')}
            </Button>
          </>
        }
      >
        {cancel.error && <Alert type="error" showIcon title={words.error(cancel.error)} />}
        <PairingCode pairing={pairing} code={made.code} />
      </Modal>
    )
  }
  return (
    <Modal
      open
      title={agent ? t('pairing.againTitle', { name: `${agent.site} / ${agent.node}` }) : t('pairing.new')}
      okText={t('pairing.make')}
      cancelText={t('common.cancel')}
      confirmLoading={create.isPending}
      okButtonProps={{ disabled: !site.trim() || !node.trim(), id: 'pairing-make' }}
      onOk={() => create.mutate({ site: site.trim(), node: node.trim(), ...(room.trim() ? { room: room.trim() } : {}) })}
      onCancel={onClose}
    >
      {create.error && <Alert type="error" showIcon title={words.error(create.error)} />}
      <p>{t(agent ? 'pairing.againNote' : 'pairing.newNote')}</p>
      {!agent && (
        <>
          <Field label={t('agents.site')} required hint={t('agents.nameHint')}>
            <Input value={site} maxLength={64} data-testid="agent-site" onChange={(event) => setSite(event.target.value)} />
          </Field>
          <Field label={t('agents.nodeName')} required hint={t('pairing.nodeHint')}>
            <Input value={node} maxLength={64} data-testid="agent-node" onChange={(event) => setNode(event.target.value)} />
          </Field>
          <Field label={t('pairing.room')} hint={t('pairing.roomHint')}>
            <Input value={room} maxLength={64} onChange={(event) => setRoom(event.target.value)} />
          </Field>
        </>
      )}
    </Modal>
  )
}

/** The pairing as the server has it now; the socket tells of its change, asking every 3 s is the net below. */
function useLivePairing(made: Pairing | undefined): Pairing | undefined {
  const { data } = useQuery({ ...queries.agents.listPairings.queryOptions(), enabled: made !== undefined, refetchInterval: 3000 })
  return data?.find(({ id }) => id === made?.id) ?? made
}
