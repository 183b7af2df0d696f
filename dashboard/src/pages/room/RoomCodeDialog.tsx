import { PrinterOutlined } from '@ant-design/icons'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Button, Modal } from 'antd'
import { useState } from 'react'
import { createPortal } from 'react-dom'
import { useTranslation } from 'react-i18next'
import { queries } from '../../client/api.ts'
import { queryClient } from '../../client/query-client.ts'
import { useWords } from '../../i18n/use-words.ts'
import { QueryView } from '../../ui/states.tsx'
import { showToast } from '../../ui/toasts.tsx'
import './room-code.css'

/** The poster that hangs in a room: its code, its name, what it is for. Printed from here, and renewed when it got into wrong hands. */
export function RoomCodeDialog({ roomId, name, onClose }: { roomId: number; name: string; onClose: () => void }) {
  const { t } = useTranslation('inspection')
  const { t: common } = useTranslation()
  const words = useWords()
  const [isAsking, setIsAsking] = useState(false)
  const code = useQuery({ ...queries.registers.roomCode.queryOptions({ input: { roomId } }), refetchInterval: false })
  const renew = useMutation(
    queries.registers.renewRoomCode.mutationOptions({
      onSuccess: (made) => {
        queryClient.setQueryData(queries.registers.roomCode.queryKey({ input: { roomId } }), made)
        setIsAsking(false)
        showToast({ kind: 'success', text: t('code.renewed') })
      },
      onError: (error) => showToast({ kind: 'error', text: words.error(error) }),
    }),
  )
  return (
    <Modal
      open
      width={520}
      title={t('code.title')}
      onCancel={onClose}
      footer={
        isAsking ? (
          <div className="room-code-question" role="alert">
            <p>{t('code.renewQuestion')}</p>
            <Button danger loading={renew.isPending} onClick={() => renew.mutate({ roomId })} data-testid="room-code-renew-sure">
              {t('code.renewSure')}
            </Button>
            <Button onClick={() => setIsAsking(false)}>{common('common.cancel')}</Button>
          </div>
        ) : (
          <>
            <Button danger type="text" onClick={() => setIsAsking(true)} data-testid="room-code-renew">
              {t('code.renew')}
            </Button>
            <Button type="primary" icon={<PrinterOutlined />} disabled={!code.data} onClick={() => window.print()}>
              {t('code.print')}
            </Button>
          </>
        )
      }
    >
      <QueryView query={code}>
        {({ svg, url }) => (
          <>
            <Poster svg={svg} name={name} />
            <p className="muted wrap-any room-code-url">{url.split('#')[0]}</p>
            {createPortal(
              <div className="room-poster-paper" aria-hidden="true">
                <Poster svg={svg} name={name} />
              </div>,
              document.body,
            )}
          </>
        )}
      </QueryView>
    </Modal>
  )
}

function Poster({ svg, name }: { svg: string; name: string }) {
  const { t } = useTranslation('inspection')
  return (
    <div className="room-poster" data-testid="room-poster">
      <h3>{name}</h3>
      <img src={`data:image/svg+xml;utf8,${encodeURIComponent(svg)}`} alt={t('code.title')} />
      <b>{t('code.poster')}</b>
      <p>{t('code.what')}</p>
      <p>{t('code.how')}</p>
      <p className="room-poster-small">{t('code.only')}</p>
    </div>
  )
}
