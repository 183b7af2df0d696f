import type { Role } from '@roomkeeper/shared/model'
import { type RegisterDefinition, stateOf } from '@roomkeeper/shared/registers'
import type { Db } from '../database/schema.ts'
import { type PersonNews, tellPeople } from '../notify/tell-people.ts'
import type { BehaviourContext, BehaviourRecord, RegisterBehaviour } from '../registers/register.ts'

/** Those who approve; a state that waits for anybody else is ordinary work, which its deadline reminds of. */
const LEADERS: readonly Role[] = ['director', 'department-head']

interface Step {
  name: string
  from: string
  to: string
}

/** Whom a step is news for, and what is said; the people are looked up by the caller. */
interface News {
  roles: readonly Role[]
  accountIds: readonly number[]
  news: Omit<PersonNews, 'accountIds'>
}

/** What a step of a record is news of: something to approve, an emergency that was begun without approval, or what was decided. */
export function approvalNews(definition: RegisterDefinition, record: BehaviourRecord, step: Step): News[] {
  const waitsFor = (state: string): readonly Role[] => {
    const roles = stateOf(definition, state)?.waitsFor ?? []
    return roles.every((role) => LEADERS.includes(role)) ? roles : []
  }
  const move = definition.moves.find(({ name }) => name === step.name)
  const label = stateOf(definition, step.to)?.label ?? { zh: step.to, en: step.to }
  const { number, title } = record
  const about = { path: `/registers/${definition.name}/${record.id}`, key: `record:${record.id}/${step.name}/${record.stateSinceMs}` }
  const what = { zh: `${definition.title.zh} ${number}：${title}`, en: `${definition.title.en} ${number}: ${title}` }
  if (move?.emergency)
    return [
      {
        roles: LEADERS,
        accountIds: [],
        news: {
          ...about,
          priority: 'high',
          title: { zh: `[紧急，事后补批] ${number} ${title}`, en: `[Emergency, to be approved afterwards] ${number} ${title}` },
          text: {
            zh: `${what.zh}\n由 ${record.createdBy} 按紧急情况立即实施，未经事先批准。\n处置: 了解情况；完成后须补批`,
            en: `${what.en}\nBegun by ${record.createdBy} as an emergency, without approval.\nTo do: ask what happens; it has to be approved afterwards`,
          },
        },
      },
    ]
  const approvers = waitsFor(step.to)
  if (approvers.length > 0)
    return [
      {
        roles: approvers,
        accountIds: [],
        news: {
          ...about,
          priority: 'medium',
          title: { zh: `[${label.zh}] ${number} ${title}`, en: `[${label.en}] ${number} ${title}` },
          text: {
            zh: `${what.zh}\n申请人: ${record.createdBy}\n处置: 请批准或不批准`,
            en: `${what.en}\nAsked for by: ${record.createdBy}\nTo do: approve or refuse it`,
          },
        },
      },
    ]
  // Whoever gave it up knows.
  const isDecided = waitsFor(step.from).length > 0 && step.from !== step.to && !move?.alsoAuthor
  if (!isDecided || record.createdById === null) return []
  return [
    {
      roles: [],
      accountIds: [record.createdById],
      news: {
        ...about,
        priority: 'medium',
        title: { zh: `[${label.zh}] ${number} ${title}`, en: `[${label.en}] ${number} ${title}` },
        text: { zh: `${what.zh}\n现在: ${label.zh}`, en: `${what.en}\nNow: ${label.en}` },
      },
    },
  ]
}

/** The behaviour, with people told of what waits for them and of what was decided. */
export function withApprovalNews(definition: RegisterDefinition, behaviour: RegisterBehaviour = {}): RegisterBehaviour {
  return {
    ...behaviour,
    onMove: async (record, step, context) => {
      const result = await behaviour.onMove?.(record, step, context)
      for (const news of approvalNews(definition, record, step)) await tellAll(news, context)
      return result
    },
  }
}

async function tellAll({ roles, accountIds, news }: News, { transaction, actor, nowMs }: BehaviourContext): Promise<void> {
  const all = [...accountIds, ...(await accountsWith(transaction, roles))]
  await tellPeople(transaction, { ...news, accountIds: all.filter((id) => id !== actor.accountId) }, nowMs)
}

async function accountsWith(db: Db, roles: readonly Role[]): Promise<number[]> {
  if (roles.length === 0) return []
  const rows = await db.selectFrom('account').select(['id', 'rolesJson']).where('disabled', '=', 0).orderBy('id').execute()
  return rows.filter(({ rolesJson }) => (JSON.parse(rolesJson) as Role[]).some((role) => roles.includes(role))).map(({ id }) => id)
}
