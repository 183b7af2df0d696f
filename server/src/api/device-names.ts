import type { Db } from '../database/schema.ts'

export interface DeviceNaming {
  deviceId: number
  name?: string
  nameEn?: string
  roomId?: number
  points: readonly { pointId: number; name: string; nameEn: string }[]
}

type Refuse = (message: string, field: string, allowed: string) => Error

/** Names and room of a device, names of its points; what is left out stays. Returns what changed, for the audit. */
export async function nameDevice(
  transaction: Db,
  input: DeviceNaming,
  refuse: Refuse,
): Promise<{ commissionedAtMs: number | null; entry: { before: Record<string, unknown>; after: Record<string, unknown> } }> {
  const row = await transaction
    .selectFrom('device')
    .select(['name', 'nameEn', 'nameByPerson', 'roomId', 'commissionedAtMs'])
    .where('id', '=', input.deviceId)
    .executeTakeFirstOrThrow()
  // A name that a person gives counts in every language, unless they give an English one too.
  const nameEn = input.nameEn ?? (input.name === undefined ? row.nameEn : '')
  const after = { name: input.name ?? row.name, nameEn, roomId: input.roomId ?? row.roomId }
  const room = await transaction.selectFrom('room').select('id').where('id', '=', after.roomId).executeTakeFirst()
  if (!room)
    throw refuse(
      `没有编号为 ${after.roomId} 的机房 / There is no room ${after.roomId}`,
      'roomId',
      '已有机房的编号 / id of an existing room',
    )
  const isNamed = after.name !== row.name || after.nameEn !== row.nameEn
  await transaction
    .updateTable('device')
    .set({ ...after, nameByPerson: isNamed ? 1 : row.nameByPerson })
    .where('id', '=', input.deviceId)
    .execute()
  const points = await namePoints(transaction, input, refuse)
  const changed = (Object.keys(after) as (keyof typeof after)[]).filter((key) => after[key] !== row[key])
  return {
    commissionedAtMs: row.commissionedAtMs,
    entry: {
      before: { ...Object.fromEntries(changed.map((key) => [key, row[key]])), ...points.before },
      after: { ...Object.fromEntries(changed.map((key) => [key, after[key]])), ...points.after },
    },
  }
}

async function namePoints(transaction: Db, input: DeviceNaming, refuse: Refuse) {
  const before: Record<string, string> = {}
  const after: Record<string, string> = {}
  for (const { pointId, name, nameEn } of input.points) {
    const row = await transaction.selectFrom('point').selectAll().where('id', '=', pointId).executeTakeFirst()
    if (row?.deviceId !== input.deviceId)
      throw refuse(`设备没有测点 ${pointId} / The device has no point ${pointId}`, 'points', '本设备的测点 / points of this device')
    if (row.name === name && row.nameEn === nameEn) continue
    // An empty name gives the naming back to the device; any other counts in every language.
    await transaction
      .updateTable('point')
      .set({ name, nameEn, nameByPerson: name === '' ? 0 : 1 })
      .where('id', '=', pointId)
      .execute()
    before[row.key] = [row.name, row.nameEn].filter(Boolean).join(' · ')
    after[row.key] = [name, nameEn].filter(Boolean).join(' · ')
  }
  return { before, after }
}
