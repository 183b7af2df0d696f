import type { Point } from '@roomkeeper/shared/http'
import { useMutation } from '@tanstack/react-query'
import { Modal, Switch } from 'antd'
import { useCallback, useState, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '../../client/api.ts'
import { liveStore } from '../../client/live-store.ts'
import { useMay } from '../../client/session.ts'
import { latestOf } from '../../features/live/use-point-look.ts'
import { useWords } from '../../i18n/use-words.ts'
import { showToast } from '../../ui/toasts.tsx'

/** Switches a relay or beacon after a question. It shows what the device says, not what was asked of it. */
export function OutputSwitch({ point, isOnline }: { point: Point; isOnline: boolean }) {
  const { t } = useTranslation()
  const words = useWords()
  const mayWrite = useMay('outputs.write')
  const isOn = useSyncExternalStore(
    useCallback((listener: () => void) => liveStore.subscribe(point.id, listener), [point.id]),
    () => latestOf(point).value === true,
  )
  const [wanted, setWanted] = useState<boolean>()
  const toggle = useMutation(
    queries.outputs.switch.mutationOptions({
      onSuccess: ({ confirmed }) =>
        showToast(confirmed ? { kind: 'success', text: t('outputs.done') } : { kind: 'error', text: t('outputs.notConfirmed') }),
      onError: (error) => showToast({ kind: 'error', text: words.error(error) }),
      onSettled: () => setWanted(undefined),
    }),
  )
  if (!mayWrite || !point.isWritable || point.kind !== 'output') return null
  const name = words.point(point)
  return (
    <span className="output-switch">
      <Switch
        size="small"
        checked={isOn}
        disabled={!isOnline}
        loading={toggle.isPending}
        aria-label={t('outputs.label', { name })}
        data-testid={`output-${point.id}`}
        onChange={setWanted}
      />
      {wanted !== undefined && (
        <Modal
          open
          title={t(wanted ? 'outputs.askOn' : 'outputs.askOff', { name })}
          okText={t(wanted ? 'outputs.on' : 'outputs.off')}
          cancelText={t('common.cancel')}
          confirmLoading={toggle.isPending}
          okButtonProps={{ danger: true }}
          onOk={() => toggle.mutate({ deviceId: point.deviceId, key: point.key, value: wanted })}
          onCancel={() => setWanted(undefined)}
        >
          <p>{t('outputs.effect')}</p>
        </Modal>
      )}
    </span>
  )
}
