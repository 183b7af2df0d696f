import type { ReportKind } from '@roomkeeper/shared/http'
import { useTranslation } from 'react-i18next'

/** A report's name as lists show it, and when its schedule sends. */
export function useReportWords() {
  const { t } = useTranslation('reports')
  return {
    name: ({ kind, roomName }: { kind: ReportKind; roomName: string | null }): string =>
      t('name', { kind: t(`kind.${kind}`), room: roomName ?? t('everyRoom') }),
    every: (kind: ReportKind, at: string): string => t(`every.${kind}`, { at }),
  }
}
