import { useMutation } from '@tanstack/react-query'
import { Alert, Button, Input } from 'antd'
import { type FormEvent, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { LanguageSwitch } from '../../app/LanguageSwitch.tsx'
import { errorCode, errorNumber, queries } from '../../client/api.ts'
import { useExternalStore } from '../../client/external-store.ts'
import { setMe, signedOutReasonStore } from '../../client/session.ts'
import { halfOf } from '../../i18n/bilingual.ts'
import { useWords } from '../../i18n/use-words.ts'
import { Field } from '../../ui/Field.tsx'
import './sign-in.css'

export function SignInPage() {
  const { t, i18n } = useTranslation()
  const words = useWords()
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  const [isTried, setIsTried] = useState(false)
  const signedOutReason = useExternalStore(signedOutReasonStore)
  const signIn = useMutation(
    queries.session.signIn.mutationOptions({
      meta: { signsIn: true },
      onSuccess: (me) => {
        signedOutReasonStore.set(null)
        setMe(me)
      },
    }),
  )
  const waitSeconds = useCountdown(signIn.error)
  useEffect(() => {
    document.title = t('app.title')
  }, [t])

  function submit(event: FormEvent): void {
    event.preventDefault()
    setIsTried(true)
    if (username.trim() && password) signIn.mutate({ username: username.trim(), password })
  }

  const failure = signIn.error && (errorCode(signIn.error) === 'UNAUTHORIZED' ? t('signIn.wrong') : words.error(signIn.error))
  return (
    <div className="sign-in">
      <div className="sign-in-top">
        <LanguageSwitch />
      </div>
      <form className="sign-in-card" onSubmit={submit} aria-label={t('signIn.title')} noValidate>
        <img src="/favicon.svg" alt="" width="44" height="44" />
        <h1>{t('app.name')}</h1>
        <p className="muted">{t('signIn.subtitle')}</p>
        {signedOutReason && !failure && <Alert type="info" showIcon title={halfOf(signedOutReason, i18n.language)} />}
        {failure && (
          <Alert
            type="error"
            showIcon
            role="alert"
            title={waitSeconds > 0 ? t('errors.tooMany', { seconds: waitSeconds }) : failure}
            data-testid="sign-in-error"
          />
        )}
        <Field label={t('signIn.username')} error={isTried && !username.trim() ? t('errors.required') : undefined}>
          <Input
            size="large"
            value={username}
            autoFocus
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            data-testid="username"
            onChange={(event) => setUsername(event.target.value)}
          />
        </Field>
        <Field label={t('signIn.password')} error={isTried && !password ? t('errors.required') : undefined}>
          <Input.Password
            size="large"
            value={password}
            autoComplete="current-password"
            data-testid="password"
            onChange={(event) => setPassword(event.target.value)}
          />
        </Field>
        <Button
          type="primary"
          htmlType="submit"
          size="large"
          block
          loading={signIn.isPending}
          disabled={waitSeconds > 0}
          data-testid="sign-in"
        >
          {t('signIn.submit')}
        </Button>
      </form>
      <p className="sign-in-foot muted">{t('signIn.foot')}</p>
    </div>
  )
}

/** Seconds left of the server's rate limit; 0 when there is none. */
function useCountdown(error: unknown): number {
  const [leftSeconds, setLeftSeconds] = useState(0)
  useEffect(() => {
    const seconds = errorCode(error) === 'TOO_MANY_REQUESTS' ? Math.ceil(errorNumber(error, 'retryAfterSeconds') ?? 30) : 0
    setLeftSeconds(seconds)
    if (seconds === 0) return
    const timer = setInterval(() => setLeftSeconds((left) => Math.max(0, left - 1)), 1000)
    return () => clearInterval(timer)
  }, [error])
  return leftSeconds
}
