import type { Agent } from '@roomkeeper/shared/http'
import { useMutation } from '@tanstack/react-query'
import { Alert, Input, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '../../client/api.ts'
import { refetchTopic } from '../../client/query-client.ts'
import { useWords } from '../../i18n/use-words.ts'
import { Field } from '../../ui/Field.tsx'
import { Secret } from '../../ui/Secret.tsx'

/** Issues the credential of a new agent and shows its password, once. */
export function IssueDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const words = useWords()
  const [site, setSite] = useState('')
  const [node, setNode] = useState('')
  const issue = useMutation(queries.agents.create.mutationOptions({ onSuccess: () => refetchTopic('agents') }))
  if (issue.data) {
    return (
      <Modal
        open
        title={t('agents.issuedTitle')}
        mask={{ closable: false }}
        okText={t('agents.kept')}
        onOk={onClose}
        onCancel={onClose}
        cancelButtonProps={{ style: { display: 'none' } }}
      >
        <Alert type="warning" showIcon title={t('agents.shownOnce')} />
        <Secret label={t('agents.username')} text={issue.data.username} />
        <Secret label={t('agents.password')} text={issue.data.password} />
      </Modal>
    )
  }
  return (
    <Modal
      open
      title={t('agents.issue')}
      okText={t('agents.issue')}
      cancelText={t('common.cancel')}
      confirmLoading={issue.isPending}
      okButtonProps={{ disabled: !site.trim() || !node.trim() }}
      onOk={() => issue.mutate({ site: site.trim(), node: node.trim() })}
      onCancel={onClose}
    >
      {issue.error && <Alert type="error" showIcon title={words.error(issue.error)} />}
      <Field label={t('agents.site')} required hint={t('agents.nameHint')}>
        <Input value={site} maxLength={64} data-testid="agent-site" onChange={(event) => setSite(event.target.value)} />
      </Field>
      <Field label={t('agents.nodeName')} required>
        <Input value={node} maxLength={64} data-testid="agent-node" onChange={(event) => setNode(event.target.value)} />
      </Field>
    </Modal>
  )
}

export function RevokeDialog({ agent, onClose }: { agent: Agent; onClose: () => void }) {
  const { t } = useTranslation()
  const words = useWords()
  const [reason, setReason] = useState('')
  const revoke = useMutation(
    queries.agents.revoke.mutationOptions({
      onSuccess: () => {
        refetchTopic('agents')
        onClose()
      },
    }),
  )
  return (
    <Modal
      open
      title={t('agents.revokeTitle', { name: `${agent.site} / ${agent.node}` })}
      okText={t('agents.revoke')}
      okButtonProps={{ danger: true, disabled: !reason.trim() }}
      cancelText={t('common.cancel')}
      confirmLoading={revoke.isPending}
      onOk={() => revoke.mutate({ agentId: agent.id, reason: reason.trim() })}
      onCancel={onClose}
    >
      {revoke.error && <Alert type="error" showIcon title={words.error(revoke.error)} />}
      <p>{t('agents.revokeNote')}</p>
      <Field label={t('limits.reason')} required>
        <Input value={reason} maxLength={4000} onChange={(event) => setReason(event.target.value)} />
      </Field>
    </Modal>
  )
}
