import { Alert, type ButtonProps, ConfigProvider, Input, Modal, Segmented } from 'antd'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { errorCode, errorField, errorNumber } from '../../client/api.ts'
import { useMe } from '../../client/session.ts'
import { useWords } from '../../i18n/use-words.ts'
import { Field } from '../../ui/Field.tsx'
import { useIsPhone } from '../../ui/use-phone.ts'
import { SignaturePad } from './SignaturePad.tsx'
import './registers.css'

/** What a person gave when moving a record on. */
export interface Signed {
  comment: string
  signature?: { password: string } | { drawing: string }
  second?: { username: string; password: string; drawing?: string }
}

interface Props {
  title: string
  /** What stands on the button. */
  okText: string
  /** Absent: nothing is signed, it is only asked. */
  signature?: 'one' | 'two'
  comment?: 'required' | 'offered'
  isDanger?: boolean
  /** What follows from it. */
  note?: ReactNode
  /** Does it; what it throws is shown here: a wrong password beside the password. */
  onSign: (signed: Signed) => Promise<void>
  onClose: () => void
}

type Errors = Partial<Record<'password' | 'second' | 'comment' | 'form', string>>

/** Asks, and takes the signature: by password or drawn; two people sign one after the other at the same screen. */
export function SignDialog({ title, okText, signature, comment, isDanger, note, onSign, onClose }: Props) {
  const { t } = useTranslation('registers')
  const { t: common } = useTranslation()
  const words = useWords()
  const me = useMe()
  const isPhone = useIsPhone()
  const [way, setWay] = useState<'password' | 'drawn'>('password')
  const [password, setPassword] = useState('')
  const [drawing, setDrawing] = useState<string | null>(null)
  const [second, setSecond] = useState({ username: '', password: '' })
  const [text, setText] = useState('')
  const [errors, setErrors] = useState<Errors>({})
  const [isBusy, setIsBusy] = useState(false)

  function missing(): Errors {
    return {
      ...(comment === 'required' && !text.trim() ? { comment: t('sign.commentNeeded') } : {}),
      ...(signature && way === 'password' && !password ? { password: common('errors.passwordNeeded') } : {}),
      ...(signature && way === 'drawn' && !drawing ? { password: t('sign.drawNeeded') } : {}),
      ...(signature === 'two' && !(second.username.trim() && second.password) ? { second: t('sign.secondNeeded') } : {}),
    }
  }

  async function submit(): Promise<void> {
    const found = missing()
    setErrors(found)
    if (Object.keys(found).length > 0) return
    setIsBusy(true)
    try {
      await onSign({
        comment: text.trim(),
        ...(signature ? { signature: way === 'drawn' && drawing ? { drawing } : { password } } : {}),
        ...(signature === 'two' ? { second: { username: second.username.trim(), password: second.password } } : {}),
      })
    } catch (error) {
      setErrors(errorsOf(error))
    } finally {
      setIsBusy(false)
    }
  }

  function errorsOf(error: unknown): Errors {
    const field = errorField(error) ?? ''
    if (field.startsWith('second')) return { second: words.error(error) }
    if (/password|signature|drawing/.test(field)) return { password: way === 'password' ? t('sign.wrongPassword') : words.error(error) }
    if (field === 'comment') return { comment: words.error(error) }
    if (errorCode(error) === 'TOO_MANY_REQUESTS' && signature)
      return { password: common('errors.tooMany', { seconds: errorNumber(error, 'retryAfterSeconds') ?? 60 }) }
    return { form: words.error(error) }
  }

  return (
    <ConfigProvider theme={{ token: { controlHeight: isPhone ? 44 : 34 } }}>
      <Modal
        open
        className="sign-modal"
        title={title}
        okText={okText}
        cancelText={common('common.cancel')}
        okButtonProps={{ danger: isDanger, 'data-testid': 'sign-confirm' } as ButtonProps}
        confirmLoading={isBusy}
        mask={{ closable: false }}
        onOk={() => void submit()}
        onCancel={onClose}
      >
        <form
          className="sign-dialog"
          data-testid="sign-dialog"
          onSubmit={(event) => {
            event.preventDefault()
            void submit()
          }}
        >
          {note}
          {errors.form && <Alert type="error" showIcon role="alert" title={errors.form} />}
          {comment && (
            <Field
              label={comment === 'required' ? t('sign.reason') : t('sign.comment')}
              required={comment === 'required'}
              error={errors.comment}
            >
              <Input.TextArea
                autoSize={{ minRows: 2, maxRows: 8 }}
                autoFocus={comment === 'required'}
                maxLength={4000}
                value={text}
                data-testid="sign-comment"
                onChange={(event) => setText(event.target.value)}
              />
            </Field>
          )}
          {signature && (
            <>
              <div className="sign-head">
                <b>{t(signature === 'two' ? 'sign.firstPerson' : 'sign.person', { name: me.name })}</b>
                <Segmented<'password' | 'drawn'>
                  value={way}
                  options={[
                    { value: 'password', label: t('sign.byPassword') },
                    { value: 'drawn', label: t('sign.byHand') },
                  ]}
                  data-testid="sign-way"
                  onChange={(next) => {
                    setWay(next)
                    setErrors({})
                  }}
                />
              </div>
              {way === 'password' ? (
                <Field label={common('sign.password', { name: me.name })} required error={errors.password}>
                  <Input.Password
                    value={password}
                    autoFocus={comment !== 'required'}
                    autoComplete="current-password"
                    data-testid="sign-password"
                    onChange={(event) => setPassword(event.target.value)}
                  />
                </Field>
              ) : (
                <div className="field">
                  <SignaturePad label={t('sign.person', { name: me.name })} onChange={setDrawing} />
                  {errors.password && (
                    <div className="field-error" role="alert">
                      {errors.password}
                    </div>
                  )}
                </div>
              )}
            </>
          )}
          {signature === 'two' && (
            <section className="sign-second">
              <b>{t('sign.secondPerson')}</b>
              <div className="field-hint">{t('sign.secondHint')}</div>
              <Field label={t('sign.secondUsername')} required>
                <Input
                  value={second.username}
                  autoComplete="off"
                  data-testid="sign-second-username"
                  onChange={(event) => setSecond({ ...second, username: event.target.value })}
                />
              </Field>
              <Field label={t('sign.secondPassword')} required error={errors.second}>
                <Input.Password
                  value={second.password}
                  autoComplete="new-password"
                  data-testid="sign-second-password"
                  onChange={(event) => setSecond({ ...second, password: event.target.value })}
                />
              </Field>
            </section>
          )}
          <button type="submit" className="visually-hidden" tabIndex={-1} aria-hidden="true" />
        </form>
      </Modal>
    </ConfigProvider>
  )
}
