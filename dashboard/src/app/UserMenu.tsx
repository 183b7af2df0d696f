import { CompassOutlined, KeyOutlined, LogoutOutlined, PhoneOutlined, UserOutlined } from '@ant-design/icons'
import type { Me } from '@roomkeeper/shared/http'
import { useMutation } from '@tanstack/react-query'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { queries } from '../client/api.ts'
import { setMe, useMay } from '../client/session.ts'
import { loadTexts } from '../i18n/index.ts'
import { useWords } from '../i18n/use-words.ts'
import { setThemeChoice, THEME_CHOICES, useThemeChoice } from '../ui/theme.ts'
import { showToast } from '../ui/toasts.tsx'

const ChangePasswordDialog = lazy(async () => ({
  default: (await import('../pages/sign-in/ChangePasswordDialog.tsx')).ChangePasswordDialog,
}))

const ContactsDialog = lazy(async () => {
  const [part] = await Promise.all([import('../features/notices/ContactsDialog.tsx'), loadTexts('notices')])
  return { default: part.ContactsDialog }
})

export function UserMenu({ me }: { me: Me }) {
  const { t } = useTranslation()
  const words = useWords()
  const [isOpen, setIsOpen] = useState(false)
  const [dialog, setDialog] = useState<'password' | 'contacts' | null>(null)
  const hasContacts = useMay('channels.read')
  const maySetUp = useMay('rooms.write')
  const ref = useRef<HTMLDivElement>(null)
  const signOut = useMutation(
    queries.session.signOut.mutationOptions({
      onSuccess: () => setMe(null),
      onError: (error) => showToast({ kind: 'error', text: words.error(error) }),
    }),
  )

  useEffect(() => {
    if (!isOpen) return
    const close = (event: Event) => {
      const isOutside = event.target instanceof Node && !ref.current?.contains(event.target)
      if (isOutside || (event instanceof KeyboardEvent && event.key === 'Escape')) setIsOpen(false)
    }
    document.addEventListener('pointerdown', close)
    document.addEventListener('keydown', close)
    return () => {
      document.removeEventListener('pointerdown', close)
      document.removeEventListener('keydown', close)
    }
  }, [isOpen])

  return (
    <div className="menu" ref={ref}>
      <button
        type="button"
        className="bar-button"
        aria-expanded={isOpen}
        aria-label={me.name}
        data-testid="user-menu"
        onClick={() => setIsOpen(!isOpen)}
      >
        <UserOutlined /> <span className="hide-phone">{me.name}</span>
      </button>
      {isOpen && (
        <div className="menu-sheet">
          <div className="menu-head">
            <b>{me.name}</b> <span className="muted">{me.username}</span>
            <div className="muted">{me.roles.map(words.role).join(' · ')}</div>
          </div>
          <button
            type="button"
            className="menu-item"
            onClick={() => {
              setIsOpen(false)
              setDialog('password')
            }}
          >
            <KeyOutlined /> {t('password.change')}
          </button>
          {hasContacts && (
            <button
              type="button"
              className="menu-item"
              data-testid="my-contacts"
              onClick={() => {
                setIsOpen(false)
                setDialog('contacts')
              }}
            >
              <PhoneOutlined /> {t('nav.myContacts')}
            </button>
          )}
          {maySetUp && (
            <Link to="/start" className="menu-item" data-testid="getting-started" onClick={() => setIsOpen(false)}>
              <CompassOutlined /> {t('nav.start')}
            </Link>
          )}
          <ThemeChoices />
          <button type="button" className="menu-item" data-testid="sign-out" onClick={() => signOut.mutate(undefined)}>
            <LogoutOutlined /> {t('app.signOut')}
          </button>
        </div>
      )}
      {dialog && (
        <Suspense>
          {dialog === 'password' ? (
            <ChangePasswordDialog me={me} onClose={() => setDialog(null)} />
          ) : (
            <ContactsDialog accountId={me.id} onClose={() => setDialog(null)} />
          )}
        </Suspense>
      )}
    </div>
  )
}

/** Light or dark, for rooms that are dark at night. */
function ThemeChoices() {
  const { t } = useTranslation()
  const choice = useThemeChoice()
  return (
    <fieldset className="menu-themes">
      <legend>{t('app.theme')}</legend>
      {THEME_CHOICES.map((each) => (
        <button key={each} type="button" aria-pressed={each === choice} data-testid={`theme-${each}`} onClick={() => setThemeChoice(each)}>
          {t(`app.themes.${each}`)}
        </button>
      ))}
    </fieldset>
  )
}
