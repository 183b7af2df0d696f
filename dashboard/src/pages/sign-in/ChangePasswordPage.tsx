import type { Me } from '@roomkeeper/shared/http'
import { useTranslation } from 'react-i18next'
import { LanguageSwitch } from '../../app/LanguageSwitch.tsx'
import { setMe } from '../../client/session.ts'
import { PasswordForm } from './PasswordForm.tsx'
import './sign-in.css'

/** The first sign-in with a password that someone else has set. */
export function ChangePasswordPage({ me }: { me: Me }) {
  const { t } = useTranslation()
  return (
    <div className="sign-in">
      <div className="sign-in-top">
        <LanguageSwitch />
      </div>
      <div className="sign-in-card">
        <h1>{t('password.mustTitle')}</h1>
        <p className="muted">{t('password.mustNote', { name: me.name })}</p>
        <PasswordForm me={me} onChanged={() => setMe({ ...me, mustChangePassword: false })} />
      </div>
    </div>
  )
}
