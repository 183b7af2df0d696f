import { isPointKind, POINT_KINDS, type PointKind, type ReadingValue } from '@roomkeeper/shared/model'
import { unitSymbol } from '@roomkeeper/shared/units'
import type { Db } from '../../database/schema.ts'
import { withoutPaperWords } from '../../paper/paper-words.ts'
import { alarmSubjects } from '../../schedules/subjects.ts'
import type { Transition } from '../transition.ts'
import type { Language } from './words.ts'

/** What a notice says of an alarm, before it is put into words. */
export interface AlarmNoticeFacts {
  alarm: Transition['alarm']
  /** Names as people see them. */
  room: string
  device: Record<Language, string>
  point: Record<Language, string>
  kind: string | null
  unit: string
  value: ReadingValue
  limit: ReadingValue
  replyCode: string | null
  /** The channel, agent, schedule or record that an alarm without a device is about. */
  subject: Record<Language, string>
  /** It should have had a paper: which. */
  withoutPaper: Record<Language, string> | null
}

/** Names are read where they are told: a renamed room is told by its new name. */
export async function loadAlarmFacts(db: Db, alarm: Transition['alarm'], replyCode: string | null): Promise<AlarmNoticeFacts> {
  const room =
    alarm.roomId === null ? undefined : await db.selectFrom('room').select('name').where('id', '=', alarm.roomId).executeTakeFirst()
  const device =
    alarm.deviceId === null
      ? undefined
      : await db.selectFrom('device').select(['name', 'nameEn', 'device']).where('id', '=', alarm.deviceId).executeTakeFirst()
  const point =
    alarm.pointId === null
      ? undefined
      : await db.selectFrom('point').select(['name', 'nameEn', 'key', 'kind', 'unit']).where('id', '=', alarm.pointId).executeTakeFirst()
  const measured = point ?? (alarm.source === 'combination' ? await combinationOf(db, alarm.sourceId) : undefined)
  return {
    alarm,
    room: room?.name ?? '',
    device: inBoth(device?.name || device?.device || '', device?.nameEn),
    point: measured ? pointNames(measured) : { zh: '', en: '' },
    kind: measured?.kind ?? null,
    unit: measured ? unitSymbol(measured.unit) : '',
    value: JSON.parse(alarm.valueJson) as ReadingValue,
    limit: JSON.parse(alarm.limitJson) as ReadingValue,
    replyCode,
    subject: await subjectOf(db, alarm),
    withoutPaper: withoutPaperWords(alarm),
  }
}

async function subjectOf(db: Db, alarm: Transition['alarm']): Promise<Record<Language, string>> {
  const { source, sourceId } = alarm
  if (source === 'channel')
    return inBoth((await db.selectFrom('channel').select('label').where('id', '=', sourceId).executeTakeFirst())?.label ?? '')
  if (source !== 'node') return (await alarmSubjects(db, [alarm])).get(`${source}/${sourceId}`) ?? inBoth('')
  const node = await db.selectFrom('edgeNode').select(['site', 'node']).where('id', '=', sourceId).executeTakeFirst()
  return inBoth(node ? `${node.site}/${node.node}` : '')
}

/** What is judged over several points is told like a point of its own, also after it was removed. */
async function combinationOf(db: Db, id: number) {
  const row = await db
    .selectFrom('combinationVersion')
    .select(['name', 'kind', 'unit'])
    .where('combinationId', '=', id)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row && { ...row, nameEn: '', key: '' }
}

function pointNames(point: { name: string; nameEn: string; key: string; kind: string }): Record<Language, string> {
  if (point.name !== '') return inBoth(point.name, point.nameEn)
  return isPointKind(point.kind) && point.kind !== 'number' && point.kind !== 'text'
    ? POINT_KINDS[point.kind as PointKind]
    : inBoth(point.key)
}

function inBoth(zh: string, en = ''): Record<Language, string> {
  return { zh, en: en === '' ? zh : en }
}
