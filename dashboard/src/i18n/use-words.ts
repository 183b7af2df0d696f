import {
  ALARM_CONDITIONS,
  ALARM_EVENTS,
  ALARM_PRIORITIES,
  ALARM_STATES,
  BAD_REASONS,
  isPointKind,
  POINT_KINDS,
  ROLES,
  ROOM_CLASSES,
  type Role,
  type RoomClass,
} from '@roomkeeper/shared/model'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { errorCode, errorNumber, strangeStatus } from '../client/api.ts'
import { type Bilingual, halfOf, inLanguage, type Names, nameIn } from './bilingual.ts'

function isOneOf<T extends string>(names: readonly T[], text: string): text is T {
  return (names as readonly string[]).includes(text)
}

const STALE_REASONS = ['no-data', 'device-offline', 'node-offline'] as const
const FAULT_KINDS = [
  'unreachable',
  'configuration',
  'denied',
  'garbage',
  'bug',
  'clock',
  'log-unavailable',
  'log-filling',
  'log-thinned',
  'log-loss',
  'log-damaged',
] as const

/** Words for the model's codes in the chosen language. A code this version does not know is shown as it is. */
export function useWords() {
  const { t, i18n } = useTranslation()
  const language = i18n.language
  return useMemo(
    () => ({
      language,
      /** The wanted half of a sentence that carries both languages. */
      half: (sentence: string) => halfOf(sentence, language),
      of: (text: Bilingual) => inLanguage(text, language),
      kind: (kind: string) => (isPointKind(kind) ? inLanguage(POINT_KINDS[kind], language) : kind),
      /** A point's display name: its own, or its kind's. */
      point: (point: Names & { kind: string }) =>
        nameIn(point, language) || (isPointKind(point.kind) ? inLanguage(POINT_KINDS[point.kind], language) : point.kind),
      /** A device's display name, or its path. */
      device: (device: Names & { path: string }) => nameIn(device, language) || device.path,
      /** The device that an alarm or an incident is about; empty when it is about none. */
      deviceOf: (about: { deviceName: string | null; deviceNameEn: string | null }) =>
        nameIn({ name: about.deviceName ?? '', nameEn: about.deviceNameEn ?? '' }, language),
      role: (role: Role) => inLanguage(ROLES[role], language),
      roomClass: (roomClass: RoomClass) => inLanguage(ROOM_CLASSES[roomClass], language),
      priority: (code: string) => (isOneOf(ALARM_PRIORITIES, code) ? t(`priority.${code}`) : code),
      alarmState: (code: string) => (isOneOf(ALARM_STATES, code) ? t(`alarmState.${code}`) : code),
      alarmEvent: (code: string) => (isOneOf(ALARM_EVENTS, code) ? t(`alarmEvent.${code}`) : code),
      condition: (code: string) => (isOneOf(ALARM_CONDITIONS, code) ? t(`condition.${code}`) : code),
      /** Why a value is bad or stale. */
      reason: (code: string | null) => {
        if (!code) return ''
        if (isOneOf(BAD_REASONS, code)) return t(`badReason.${code}`)
        return isOneOf(STALE_REASONS, code) ? t(`staleReason.${code}`) : code
      },
      faultKind: (code: string) => (isOneOf(FAULT_KINDS, code) ? t(`faultKind.${code}`) : code),
      /** A sentence for a failed request: what happened and what to do. */
      error: (error: unknown): string => {
        const code = errorCode(error)
        if (code === 'NETWORK') return t('errors.network')
        if (code === 'TOO_MANY_REQUESTS') return t('errors.tooMany', { seconds: Math.ceil(errorNumber(error, 'retryAfterSeconds') ?? 60) })
        const status = strangeStatus(error)
        if (status !== undefined) return t('errors.unavailable', { status })
        if (error instanceof Error && error.message) return halfOf(error.message, language)
        return t('errors.other')
      },
      /** A validation message of a shared schema. */
      issue: (issue: { code: string; message: string }): string => {
        const half = halfOf(issue.message, language)
        if (half !== issue.message) return half
        if (issue.code === 'too_small' || issue.code === 'invalid_type') return t('errors.required')
        if (issue.code === 'too_big') return t('errors.tooLong')
        return issue.code === 'custom' ? half : t('errors.invalid')
      },
    }),
    [t, language],
  )
}
export type Words = ReturnType<typeof useWords>
