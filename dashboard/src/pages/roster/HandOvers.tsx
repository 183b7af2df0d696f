import { CheckCircleFilled, EditOutlined } from '@ant-design/icons'
import type { Shift } from '@roomkeeper/shared/http'
import { useMutation } from '@tanstack/react-query'
import { Alert, Button, Input, Modal } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { errorField, queries } from '../../client/api.ts'
import { refetchTopic } from '../../client/query-client.ts'
import { useMay, useMe } from '../../client/session.ts'
import { SignBox } from '../../features/drafts/SignBox.tsx'
import { dateTimeText } from '../../i18n/format.ts'
import { useWords } from '../../i18n/use-words.ts'
import { Field } from '../../ui/Field.tsx'
import { showToast } from '../../ui/toasts.tsx'
import { spanText } from './week.ts'

/** What the shifts of late have left for the next, to be written by those who go and signed by those who come. */
export function HandOvers({ shifts, nowMs }: { shifts: readonly Shift[]; nowMs: number }) {
  const { t } = useTranslation('notices')
  const me = useMe()
  const may = useMay('alarms.acknowledge')
  const [writing, setWriting] = useState<Shift | null>(null)
  const latest = [...shifts].sort((a, b) => b.toMs - a.toMs)
  // One's own shift that runs or has just ended, as long as nobody has signed for it.
  const own = may ? latest.find(({ accountId, handover }) => accountId === me.id && !handover?.signedAtMs) : undefined
  // What waits for a signature comes first.
  const written = latest
    .filter(({ handover }) => handover !== null)
    .sort((a, b) => Number(Boolean(a.handover?.signedAtMs)) - Number(Boolean(b.handover?.signedAtMs)))
  return (
    <section className="panel" data-testid="handovers">
      <div className="panel-head">
        <h2>{t('roster.handover')}</h2>
        {own && (
          <Button
            size="small"
            type={own.handover ? 'default' : 'primary'}
            icon={<EditOutlined />}
            data-testid="handover-write"
            onClick={() => setWriting(own)}
          >
            {own.handover ? t('roster.rewrite') : t('roster.write')}
          </Button>
        )}
      </div>
      <div className="panel-body handovers">
        {written.length === 0 && <span className="muted">{t('roster.noHandovers')}</span>}
        {written.map((shift) => (
          <HandOver key={shift.id} shift={shift} maySign={may && shift.accountId !== me.id} isNew={shift.toMs > nowMs - 86_400_000} />
        ))}
      </div>
      {writing && <HandOverDialog shift={writing} onClose={() => setWriting(null)} />}
    </section>
  )
}

function HandOver({ shift, maySign, isNew }: { shift: Shift; maySign: boolean; isNew: boolean }) {
  const { t } = useTranslation('notices')
  const { handover } = shift
  if (!handover) return null
  const isSigned = handover.signedAtMs !== null
  // What is signed and old is in the ledger, not in the way.
  if (isSigned && !isNew) return null
  return (
    <article className={`handover ${isSigned ? '' : 'handover-open'}`} data-testid={`handover-${shift.id}`}>
      <div className="handover-head">
        <b>{t('roster.leftBy', { name: handover.by })}</b>
        <span className="muted">{spanText(shift)}</span>
        {isSigned ? (
          <span className="mark mark-ok">
            <CheckCircleFilled /> {t('roster.signedBy', { name: handover.signedBy ?? '', time: dateTimeText(handover.signedAtMs ?? 0) })}
          </span>
        ) : (
          <span className="mark mark-medium">{maySign ? t('roster.toSign') : t('roster.waiting')}</span>
        )}
      </div>
      <p className="handover-text">{handover.text}</p>
      {!isSigned && maySign && <Signature shift={shift} />}
    </article>
  )
}

function Signature({ shift }: { shift: Shift }) {
  const { t } = useTranslation('notices')
  const { t: common } = useTranslation()
  const words = useWords()
  const me = useMe()
  const [password, setPassword] = useState('')
  const [errors, setErrors] = useState<Record<string, string>>({})
  const sign = useMutation(
    queries.notices.signHandOver.mutationOptions({
      onSuccess: () => showToast({ kind: 'success', text: t('roster.signed') }),
      onError: (error) =>
        setErrors(errorField(error) === 'password' ? { password: common('errors.wrongPassword') } : { form: words.error(error) }),
      onSettled: () => refetchTopic('notices'),
    }),
  )
  function submit(event: FormEvent): void {
    event.preventDefault()
    setErrors(password ? {} : { password: common('errors.passwordNeeded') })
    if (password) sign.mutate({ shiftId: shift.id, password })
  }
  return (
    <form onSubmit={submit} noValidate>
      <SignBox
        name={me.name}
        password={password}
        onPassword={setPassword}
        errors={errors}
        isSubmitting={sign.isPending}
        submitLabel={t('roster.sign')}
        testId="handover"
      />
    </form>
  )
}

function HandOverDialog({ shift, onClose }: { shift: Shift; onClose: () => void }) {
  const { t } = useTranslation('notices')
  const { t: common } = useTranslation()
  const words = useWords()
  const [text, setText] = useState(shift.handover?.text ?? '')
  const save = useMutation(
    queries.notices.handOver.mutationOptions({
      onSuccess: () => {
        showToast({ kind: 'success', text: common('common.saved') })
        onClose()
      },
      onSettled: () => refetchTopic('notices'),
    }),
  )
  return (
    <Modal
      open
      title={t('roster.writeTitle', { name: shift.name, time: spanText(shift) })}
      okText={t('roster.save')}
      cancelText={common('common.cancel')}
      okButtonProps={{ disabled: !text.trim() }}
      confirmLoading={save.isPending}
      // A slip beside the dialog must not lose what was written.
      mask={{ closable: false }}
      onOk={() => save.mutate({ shiftId: shift.id, text: text.trim() })}
      onCancel={onClose}
    >
      {save.error && <Alert type="error" showIcon role="alert" title={words.error(save.error)} />}
      <Field label={t('roster.handover')} required hint={t('roster.writeHint')}>
        <Input.TextArea
          value={text}
          autoFocus
          rows={6}
          maxLength={4000}
          data-testid="handover-text"
          onChange={(event) => setText(event.target.value)}
        />
      </Field>
    </Modal>
  )
}
