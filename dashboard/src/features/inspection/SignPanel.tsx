import { QrcodeOutlined } from '@ant-design/icons'
import { Alert, Button, Input, Radio } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { errorCode, errorField, errorIssues, errorNumber } from '../../client/api.ts'
import { serverClock } from '../../client/clock.ts'
import { useConnection } from '../../client/connection.ts'
import type { Paper } from '../../client/offline/paper.ts'
import { changePaper, moveWithPassword, sendAll } from '../../client/offline/queue.ts'
import { roomKeyOf } from '../../client/room-key.ts'
import { useMe } from '../../client/session.ts'
import { useWords } from '../../i18n/use-words.ts'
import { Field } from '../../ui/Field.tsx'

const SignaturePad = lazy(async () => ({ default: (await import('../registers/SignaturePad.tsx')).SignaturePad }))

interface Props {
  paper: Paper
  /** Items that are not complete. */
  open: readonly string[]
  onGoTo: (item: string) => void
}

/** Signed by password or by hand. Without a connection only by hand: a password is never kept. */
export function SignPanel({ paper, open, onGoTo }: Props) {
  const { t } = useTranslation('inspection')
  const { t: common } = useTranslation()
  const words = useWords()
  const me = useMe()
  const isLive = useConnection().phase === 'live'
  const [chosen, setChosen] = useState<'password' | 'drawn'>('drawn')
  const [password, setPassword] = useState('')
  const [drawing, setDrawing] = useState<string | null>(null)
  const [problem, setProblem] = useState<{ at: 'sign' | 'form'; text: string } | null>(null)
  const [isBusy, setIsBusy] = useState(false)
  const kind = isLive ? chosen : 'drawn'
  const roomId = paper.seen?.roomId ?? (paper.fields.room as { id?: number } | undefined)?.id
  const roomKey = roomId === undefined ? null : roomKeyOf(roomId)

  async function sign(): Promise<void> {
    if (open[0] !== undefined) return onGoTo(open[0])
    if (kind === 'drawn' && !drawing) return setProblem({ at: 'sign', text: t('sign.drawNeeded') })
    if (kind === 'password' && !password) return setProblem({ at: 'sign', text: t('sign.passwordNeeded') })
    setProblem(null)
    setIsBusy(true)
    const move = { move: 'submit', atMs: Math.round(serverClock.nowMs()), comment: '', roomKey }
    try {
      if (kind === 'password') await moveWithPassword(paper.key, move, password)
      else {
        await changePaper(paper.key, (now) => ({
          ...now,
          trouble: null,
          waiting: { ...move, drawing, wasOffline: !isLive },
          unsentSinceMs: now.unsentSinceMs ?? Date.now(),
        }))
        await sendAll()
      }
    } catch (error) {
      setProblem(problemOf(error))
    } finally {
      setIsBusy(false)
    }
  }

  function problemOf(error: unknown): { at: 'sign' | 'form'; text: string } {
    if (errorField(error) === 'password' || errorField(error) === 'signature.password')
      return { at: 'sign', text: common('errors.wrongPassword') }
    const code = errorCode(error)
    if (code === 'TOO_MANY_REQUESTS')
      return { at: 'sign', text: common('errors.tooMany', { seconds: errorNumber(error, 'retryAfterSeconds') ?? 60 }) }
    if (code === 'NETWORK' || code === 'OTHER') return { at: 'form', text: t('sign.lost') }
    const [first] = errorIssues(error)
    return { at: 'form', text: first ? words.half(first.message) : words.error(error) }
  }

  return (
    <section className="panel sign-panel" id="sign" data-testid="sign-panel">
      <div className="panel-head">
        <h2>{t('sign.title')}</h2>
        <span className="muted">{t('sign.by', { name: me.name })}</span>
        {roomKey !== null && (
          <span className="mark mark-ok">
            <QrcodeOutlined /> {t('sign.atRoom')}
          </span>
        )}
      </div>
      <div className="panel-body">
        {isLive ? (
          <Radio.Group
            optionType="button"
            buttonStyle="solid"
            block
            size="large"
            value={kind}
            options={[
              { value: 'drawn', label: t('sign.drawn') },
              { value: 'password', label: t('sign.password') },
            ]}
            onChange={(event) => setChosen(event.target.value as 'password' | 'drawn')}
          />
        ) : (
          <p className="sign-offline" role="status" data-testid="sign-offline">
            {t('sign.offline')}
          </p>
        )}
        {kind === 'drawn' ? (
          <Suspense>
            <SignaturePad label={t('sign.by', { name: me.name })} onChange={setDrawing} />
          </Suspense>
        ) : (
          <Field label={t('sign.passwordLabel')} required error={problem?.at === 'sign' ? problem.text : undefined}>
            <Input.Password
              size="large"
              value={password}
              autoComplete="current-password"
              data-testid="inspection-password"
              onChange={(event) => setPassword(event.target.value)}
              onPressEnter={() => void sign()}
            />
          </Field>
        )}
        {problem && (problem.at === 'form' || kind === 'drawn') && <Alert type="error" showIcon role="alert" title={problem.text} />}
        <Button type="primary" size="large" block loading={isBusy} onClick={() => void sign()} data-testid="inspection-submit">
          {open.length > 0 ? t('sign.incomplete', { count: open.length }) : t('sign.submit')}
        </Button>
      </div>
    </section>
  )
}
