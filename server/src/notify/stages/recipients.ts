import type { AlarmPriority } from '@roomkeeper/shared/model'
import { rankOf } from '../transition.ts'

/** A channel that is set up and enabled. */
export interface ChannelFact {
  id: number
  minPriority: AlarmPriority
  /** It reaches a place (a robot's chat, a beacon) and no person. */
  isPlace: boolean
}

/** A way to reach a person, enabled, through an enabled channel. */
export interface ContactFact {
  channelId: number
  accountId: number
  name: string
  address: string
  minPriority: AlarmPriority
  language: 'zh' | 'en'
}

/** One person or place through one channel. */
export interface NoticeRecipient {
  channelId: number
  accountId: number | null
  name: string
  address: string
  language: 'zh' | 'en'
}

export interface RecipientFacts {
  channels: readonly ChannelFact[]
  contacts: readonly ContactFact[]
  /** Whoever is on duty now. */
  onDuty: readonly number[]
}

export interface RecipientsAnswer {
  to: NoticeRecipient[]
  /** Why `to` is empty; or, with places told, that no person is. */
  lack: 'no-channel' | 'nobody' | 'below-priority' | null
}

/** The channel an alarm about a channel speaks of must not carry that alarm. */
export type Subject = { priority: AlarmPriority; source: string; sourceId: number }

/** Who is told at once: those on duty by each contact that wants this priority, and places. */
export function recipients(subject: Subject, facts: RecipientFacts): RecipientsAnswer {
  const channels = facts.channels.filter((channel) => subject.source !== 'channel' || channel.id !== subject.sourceId)
  if (channels.length === 0) return { to: [], lack: 'no-channel' }
  const places = channels.filter((channel) => channel.isPlace && fits(channel, subject)).map(placeRecipient)
  const usable = new Set(channels.map(({ id }) => id))
  const onDuty = facts.contacts.filter(({ accountId, channelId }) => facts.onDuty.includes(accountId) && usable.has(channelId))
  const fitting = onDuty.filter((contact) => fits(contact, subject))
  // When the usual way is broken, the one kept for emergencies tells so.
  const persons = (fitting.length === 0 && subject.source === 'channel' ? onDuty : fitting).map(personRecipient)
  const to = [...persons, ...places]
  if (persons.length > 0) return { to, lack: null }
  if (onDuty.length > 0) return { to, lack: 'below-priority' }
  // Where only places are set up, nobody is expected to be reached in person.
  return channels.every(({ isPlace }) => isPlace) ? { to, lack: to.length > 0 ? null : 'below-priority' } : { to, lack: 'nobody' }
}

/**
 * Contacts of these people. One who is asked for and has no contact for this priority is reached by all others: to be woken for nothing is
 * better than not at all.
 */
export function contactsOf(accountIds: readonly number[], subject: Subject, facts: RecipientFacts): NoticeRecipient[] {
  return accountIds.flatMap((accountId) => {
    const own = facts.contacts.filter(
      (contact) => contact.accountId === accountId && (subject.source !== 'channel' || contact.channelId !== subject.sourceId),
    )
    const fitting = own.filter((contact) => fits(contact, subject))
    return (fitting.length > 0 ? fitting : own).map(personRecipient)
  })
}

function fits(wanted: { minPriority: AlarmPriority }, subject: Subject): boolean {
  return rankOf(subject.priority) >= rankOf(wanted.minPriority)
}

function placeRecipient({ id }: ChannelFact): NoticeRecipient {
  return { channelId: id, accountId: null, name: '', address: '', language: 'zh' }
}

function personRecipient({ channelId, accountId, name, address, language }: ContactFact): NoticeRecipient {
  return { channelId, accountId, name, address, language }
}
