import { ALARM_PRIORITIES, type NoticeKind } from '@roomkeeper/shared/model'
import type { Notice } from '../channel.ts'
import { cutToBytes, plainLine, plainText } from '../plain-text.ts'
import { type SnmpVarbind, snmp } from './net-snmp.ts'

/** ROOMKEEPER-MIB: `roomkeeper` is the enterprise's first subtree; its notifications are below 0, its objects below 1. */
export const notificationOid = (enterpriseOid: string): string => `${enterpriseOid}.1.0.1`
const objectOid = (enterpriseOid: string, number: number): string => `${enterpriseOid}.1.1.${number}.0`

/** Numbers of the MIB's RkNoticeKind. Never renumbered: stations have rules on them. */
const KINDS: Record<NoticeKind, number> = {
  raise: 1,
  clear: 2,
  're-alarm': 3,
  escalation: 4,
  drill: 5,
  test: 6,
  'all-clear': 7,
  system: 8,
  assignment: 9,
  heartbeat: 10,
  reminder: 11,
  report: 12,
}
/** SnmpAdminString (RFC 3411): at most 255 octets of UTF-8. */
const MAX_LINE_BYTES = 255
/** With the other objects a message stays below the 1,472 octets that RFC 3417 recommends every station to take, in all ordinary cases. */
const MAX_TEXT_BYTES = 600

/** The objects of a notification, in the order in which the MIB has them. */
export function varbindsOf(notice: Notice, enterpriseOid: string): SnmpVarbind[] {
  const { ObjectType } = snmp
  const { facts } = notice
  const line = (text: string) => ({ type: ObjectType.OctetString, value: Buffer.from(cutToBytes(plainLine(text), MAX_LINE_BYTES, '…')) })
  const number = (value: number) => ({ type: ObjectType.Integer, value })
  const objects = [
    line(notice.id),
    number(KINDS[notice.kind]),
    number(ALARM_PRIORITIES.indexOf(notice.priority) + 1),
    line(notice.title),
    { type: ObjectType.OctetString, value: Buffer.from(cutToBytes(plainText(notice.text), MAX_TEXT_BYTES, '…')) },
    line(facts.room),
    line(facts.device),
    line(facts.point),
    line(facts.condition),
    line(facts.value),
    line(facts.limit),
    line(facts.state),
    { type: ObjectType.OctetString, value: dateAndTime(notice.atMs) },
    line(notice.url ?? ''),
    { type: ObjectType.Unsigned32, value: facts.alarmId ?? 0 },
  ]
  return objects.map((object, index) => ({ oid: objectOid(enterpriseOid, index + 1), ...object }))
}

/** DateAndTime (RFC 2579) in UTC: year, month, day, hour, minute, second, tenths, "+", 0, 0. */
function dateAndTime(atMs: number): Buffer {
  const at = new Date(atMs)
  const bytes = Buffer.alloc(11)
  bytes.writeUInt16BE(at.getUTCFullYear(), 0)
  const rest = [at.getUTCMonth() + 1, at.getUTCDate(), at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()]
  bytes.set([...rest, Math.floor(at.getUTCMilliseconds() / 100), 0x2b, 0, 0], 2)
  return bytes
}
