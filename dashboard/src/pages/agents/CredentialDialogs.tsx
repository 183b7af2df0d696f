import type { Agent } from '@roomkeeper/shared/http'
import { useMutation } from '@tanstack/react-query'
import { Alert, Input, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '../../client/api.ts'
import { refetchTopic } from '../../client/query-client.ts'
import { useWords } from '../../i18n/use-words.ts'
import { Field } from '../../ui/Field.tsx'
import { ShownOnceDialog } from '../../ui/ShownOnceDialog.tsx'
import { showToast } from '../../ui/toasts.tsx'

/** Issues the credential of a new agent and shows its password, once. */
export function IssueDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const words = useWords()
  const [site, setSite] = useState('')
  const [node, setNode] = useState('')
  const issue = useMutation(queries.agents.create.mutationOptions({ onSuccess: () => refetchTopic('agents') }))
  if (issue.data) {
    const { username, password } = issue.data
    return (
      <ShownOnceDialog
        title={t('agents.issuedTitle')}
        note={t('agents.shownOnce')}
        secrets={[
          { label: t('agents.username'), text: username },
          { label: t('agents.password'), text: password },
        ]}
        onClose={onClose}
      />
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
      <p>{t('agents.issueNote')}</p>
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
        showToast({ kind: 'success', text: t('agents.revokedDone', { name: `${agent.site} / ${agent.node}` }) })
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
      <Field label={t('devices.reasonShort')} required>
        <Input value={reason} maxLength={4000} onChange={(event) => setReason(event.target.value)} />
      </Field>
    </Modal>
  )
}
