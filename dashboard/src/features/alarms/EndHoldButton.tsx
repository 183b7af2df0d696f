import { useMutation } from '@tanstack/react-query'
import { Button, type ButtonProps, Popconfirm } from 'antd'
import { useTranslation } from 'react-i18next'
import { queries } from '../../client/api.ts'
import { refetchTopic } from '../../client/query-client.ts'
import { useWords } from '../../i18n/use-words.ts'
import { showToast } from '../../ui/toasts.tsx'

/** Ends a hold now: unshelve, or put back into service. What still stands calls people again, so it is asked first. */
export function EndHoldButton({ holdId, kind }: { holdId: number; kind: 'shelve' | 'out-of-service' }) {
  const { t } = useTranslation('life')
  const { t: common } = useTranslation()
  const words = useWords()
  const end = useMutation(
    queries.life.end.mutationOptions({
      onSuccess: () => showToast({ kind: 'success', text: t(`hold.ended.${kind}`) }),
      onError: (error) => showToast({ kind: 'error', text: words.error(error) }),
      onSettled: () => {
        refetchTopic('alarms')
        refetchTopic('rooms')
      },
    }),
  )
  return (
    <Popconfirm
      title={t(`hold.end.${kind}`)}
      description={t('hold.endEffect')}
      okText={t(`hold.end.${kind}`)}
      cancelText={common('common.cancel')}
      okButtonProps={{ 'data-testid': `hold-end-confirm-${holdId}` } as ButtonProps}
      onConfirm={() => end.mutate({ holdId })}
    >
      <Button size="small" loading={end.isPending} data-testid={`hold-end-${holdId}`}>
        {t(`hold.end.${kind}`)}
      </Button>
    </Popconfirm>
  )
}
