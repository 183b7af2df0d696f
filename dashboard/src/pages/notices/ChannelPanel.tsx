import type { Channel, ChannelKind } from '@roomkeeper/shared/http'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useWords } from '../../i18n/use-words.ts'
import { SidePanel } from '../../ui/SidePanel.tsx'
import { Empty } from '../../ui/states.tsx'
import { ChannelForm } from './ChannelForm.tsx'

interface Props {
  kinds: readonly ChannelKind[]
  /** Absent: a new one. */
  channel: Channel | undefined
  onCreated: (channelId: number) => void
  onClose: () => void
}

/** Choose a kind, fill in its form, test it: three steps in one panel. */
export function ChannelPanel({ kinds, channel, onCreated, onClose }: Props) {
  const { t } = useTranslation('notices')
  const words = useWords()
  const [chosen, setChosen] = useState<ChannelKind | null>(null)
  const kind = channel ? kinds.find(({ name }) => name === channel.kind) : chosen
  const title = channel
    ? t('channels.editTitle', { kind: kind ? words.of(kind.title) : channel.kind })
    : kind
      ? t('channels.newTitle', { kind: words.of(kind.title) })
      : t('channels.choose')
  return (
    <SidePanel title={title} label={title} onClose={onClose} takesFocus>
      {kind ? (
        <>
          <p className="muted">{words.of(kind.summary)}</p>
          {/* The first save keeps the form: what follows is its test. */}
          <ChannelForm
            key={kind.name}
            kind={kind}
            channel={channel}
            onCreated={onCreated}
            onBack={() => setChosen(null)}
            onClose={onClose}
          />
        </>
      ) : channel ? (
        <Empty>{t('channels.unknownKind', { kind: channel.kind })}</Empty>
      ) : (
        <ul className="kind-list">
          {kinds.map((each) => (
            <li key={each.name}>
              <button type="button" className="kind-button" data-testid={`kind-${each.name}`} onClick={() => setChosen(each)}>
                <b>{words.of(each.title)}</b>
                <span className="muted">{words.of(each.summary)}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </SidePanel>
  )
}
