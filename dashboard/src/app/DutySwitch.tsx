import { useMutation } from '@tanstack/react-query'
import { Switch } from 'antd'
import { useTranslation } from 'react-i18next'
import { queries } from '../client/api.ts'
import { setMe, useMe } from '../client/session.ts'
import { useWords } from '../i18n/use-words.ts'
import { showToast } from '../ui/toasts.tsx'

/** On duty: alarms sound here and incident forms open by themselves. */
export function DutySwitch() {
  const { t } = useTranslation()
  const words = useWords()
  const me = useMe()
  const setDuty = useMutation(
    queries.session.setDuty.mutationOptions({
      onSuccess: setMe,
      onError: (error) => showToast({ kind: 'error', text: words.error(error) }),
    }),
  )
  return (
    <span className="duty" title={t('duty.hint')}>
      <Switch
        size="small"
        checked={me.onDuty}
        loading={setDuty.isPending}
        aria-label={t('duty.label')}
        data-testid="duty-switch"
        onChange={(onDuty) => setDuty.mutate({ onDuty })}
      />
      <span className="hide-phone">{me.onDuty ? t('duty.on') : t('duty.off')}</span>
    </span>
  )
}
