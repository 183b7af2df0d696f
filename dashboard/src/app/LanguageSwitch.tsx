import { useTranslation } from 'react-i18next'
import { setLanguage } from '../i18n/index.ts'

/** Names the language it switches to, in that language. */
export function LanguageSwitch() {
  const { t, i18n } = useTranslation()
  const next = i18n.language === 'en' ? 'zh-CN' : 'en'
  return (
    <button type="button" className="bar-button" lang={next} data-testid="language-switch" onClick={() => void setLanguage(next)}>
      <span className="hide-phone">{t('app.otherLanguage')}</span>
      {/* What is seen stands in the name (WCAG 2.5.3). */}
      <span className="only-phone">
        {t('app.otherLanguageShort')} <span className="visually-hidden">{t('app.otherLanguage')}</span>
      </span>
    </button>
  )
}
