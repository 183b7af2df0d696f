import type { RegisterRecord } from '@roomkeeper/shared/http'
import { type Move, type RegisterDefinition, stateOf } from '@roomkeeper/shared/registers'
import { useTranslation } from 'react-i18next'
import { useMe } from '../../client/session.ts'
import { useWords } from '../../i18n/use-words.ts'
import { referenceOf } from './ReferenceInputs.tsx'

/** More roles than these are "and others": the record is not the place for the whole department. */
const ROLES_SHOWN = 2

/** Whose turn it is, in words: oneself, people named in the record, then roles. Empty: nobody has to do anything. */
export function useTurnWords(): (
  definition: RegisterDefinition,
  record: Pick<RegisterRecord, 'state' | 'phase' | 'fields' | 'createdBy' | 'createdById' | 'moves'>,
) => string {
  const { t } = useTranslation('registers')
  const { t: common } = useTranslation()
  const words = useWords()
  const me = useMe()
  return (definition, record) => {
    const state = stateOf(definition, record.state)
    if (!state || state.phase === 'done' || state.phase === 'kept') return ''
    if (state.phase === 'draft') return record.createdById === me.id ? t('me') : record.createdBy
    const named = definition.moves
      .filter((move) => move.from.includes(state.name) && move.alsoPerson !== undefined)
      .map((move) => referenceOf(record.fields[move.alsoPerson ?? ''])?.name)
      .filter((name) => name !== undefined)
    const isMine = record.moves.length > 0 && (named.includes(me.name) || me.roles.some((role) => state.waitsFor?.includes(role)))
    if (isMine) return t('me')
    const names = [...new Set([...named, ...(state.waitsFor ?? []).map(words.role)])]
    return names.slice(0, ROLES_SHOWN).join(common('common.listComma')) + (names.length > ROLES_SHOWN ? t('andOthers') : '')
  }
}

/** What follows from a move: its state, whose turn it is then, and within how many hours. */
export function useFollows(definition: RegisterDefinition, move: Move): string {
  const { t } = useTranslation('registers')
  const { t: common } = useTranslation()
  const words = useWords()
  const to = stateOf(definition, move.to)
  if (!to) return ''
  const roles = (to.waitsFor ?? []).map(words.role).join(common('common.listComma'))
  const parts = [t('move.becomes', { state: words.of(to.label) })]
  if (roles) parts.push(to.deadline?.hours ? t('move.nextWithin', { roles, hours: to.deadline.hours }) : t('move.next', { roles }))
  return parts.join(' ')
}
