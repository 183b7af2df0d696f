import type { Address, Subnet } from '@roomkeeper/shared/http'
import type { Insertable, Selectable } from 'kysely'
import type { Actor } from '../api/base.ts'
import { appendAudit } from '../audit/audit.ts'
import type { Database, Db } from '../database/schema.ts'
import { assetNumberOf } from './asset-number.ts'
import { conflictsOf } from './conflicts.ts'
import { type Ipv4Subnet, ipv4Number, ipv4Text, isWithin, parseSubnet } from './ipv4.ts'

type AddressRow = Selectable<Database['ipAddress']>
type SeenRow = Selectable<Database['ipSeen']>
type SubnetRow = Selectable<Database['ipSubnet']> & { range: Ipv4Subnet }

/** Table and sights together: a few thousand rows, read as a whole. */
export interface AddressBook {
  subnets: readonly SubnetRow[]
  addresses: readonly Address[]
}

export async function loadAddressBook(db: Db, nowMs: number): Promise<AddressBook> {
  const rows = await db.selectFrom('ipSubnet').selectAll().where('removedAtMs', 'is', null).execute()
  const subnets = rows.flatMap((row) => {
    const range = parseSubnet(row.cidr)
    return 'problem' in range ? [] : [{ ...row, range }]
  })
  // The narrowest subnet that an address is in is its subnet.
  subnets.sort((a, b) => a.range.last - a.range.first - (b.range.last - b.range.first))
  const known = await db
    .selectFrom('ipAddress')
    .innerJoin('ipSubnet', 'ipSubnet.id', 'ipAddress.subnetId')
    .leftJoin('registerRecord', 'registerRecord.id', 'ipAddress.assetId')
    .selectAll('ipAddress')
    .select(['registerRecord.number as recordNumber', 'registerRecord.fieldsJson as assetFields'])
    .where('ipSubnet.removedAtMs', 'is', null)
    .execute()
  const seenBy = new Map<string, SeenRow[]>()
  for (const row of await db.selectFrom('ipSeen').selectAll().execute()) {
    const list = seenBy.get(row.address)
    if (list) list.push(row)
    else seenBy.set(row.address, [row])
  }
  const subnetOf = (address: string) => subnetFor(subnets, address)
  const watched = new Set([...seenBy.keys()].flatMap((address) => subnetOf(address)?.id ?? []))
  const ofRow = (row: AddressRow & { recordNumber: string | null; assetFields: string | null }): Address => {
    const seen = seenBy.get(row.address) ?? []
    const { recordNumber, assetFields, mac, subnetId, ...rest } = row
    const state = row.state as Address['state']
    const conflicts = conflictsOf({ state, mac }, seen, watched.has(subnetId), nowMs)
    return { ...rest, mac, subnetId, state, assetNumber: assetNumberOf(recordNumber, assetFields), seen, conflicts }
  }
  const listed = new Set(known.map(({ address }) => address))
  const unlisted = [...seenBy].flatMap(([address, seen]): Address[] => {
    if (listed.has(address)) return []
    const subnet = subnetOf(address)
    const conflicts = subnet ? conflictsOf(undefined, seen, true, nowMs) : []
    return [{ ...NOT_LISTED, address, subnetId: subnet?.id ?? null, seen, conflicts }]
  })
  const addresses = [...known.map(ofRow), ...unlisted].sort((a, b) => ipv4Number(a.address) - ipv4Number(b.address))
  return { subnets, addresses }
}

/** The narrowest subnet that an address is in. */
export function subnetFor<S extends { range: Ipv4Subnet }>(subnets: readonly S[], address: string): S | undefined {
  return subnets.find(({ range }) => isWithin(range, ipv4Number(address)))
}

export type AddressFields = Pick<
  Insertable<Database['ipAddress']>,
  'address' | 'state' | 'hostname' | 'mac' | 'department' | 'custodian' | 'assetId' | 'note'
>

export async function findAddress(transaction: Db, subnetId: number, address: string): Promise<AddressRow | undefined> {
  return transaction.selectFrom('ipAddress').selectAll().where('subnetId', '=', subnetId).where('address', '=', address).executeTakeFirst()
}

/** Writes one address down, with its audit row; within a transaction that holds the chain. */
export async function saveAddress(
  transaction: Db,
  actor: Actor,
  { subnetId, before, after }: { subnetId: number; before: AddressRow | undefined; after: AddressFields },
  nowMs: number,
): Promise<void> {
  const changed = { ...after, subnetId, revision: (before?.revision ?? 0) + 1, changedBy: actor.name, changedAtMs: nowMs }
  if (before) await transaction.updateTable('ipAddress').set(changed).where('id', '=', before.id).execute()
  else await transaction.insertInto('ipAddress').values(changed).execute()
  const entry = { actor: actor.username, action: 'network.address-set', entity: `address:${after.address}`, before, after }
  await appendAudit(transaction, entry, nowMs)
}

const NOT_LISTED = {
  id: null,
  state: 'free',
  hostname: '',
  mac: '',
  department: '',
  custodian: '',
  assetId: null,
  assetNumber: null,
  note: '',
  revision: 0,
  changedBy: '',
  changedAtMs: null,
} as const

export function toSubnet(row: SubnetRow, addresses: readonly Address[]): Subnet {
  const own = addresses.filter(({ subnetId }) => subnetId === row.id)
  const { id, cidr, name, vlan, gateway, purpose, note, revision, changedBy, changedAtMs, range } = row
  return {
    ...{ id, cidr, name, vlan, gateway, purpose, note, revision, changedBy, changedAtMs },
    size: range.hostLast - range.hostFirst + 1,
    used: own.filter((one) => one.id !== null && one.state === 'used').length,
    reserved: own.filter((one) => one.id !== null && one.state === 'reserved').length,
    conflicts: own.filter(({ conflicts }) => conflicts.length > 0).length,
  }
}

/** The first host address that is neither written down as used or reserved, nor seen, nor the gateway. */
export function nextFree({ range, gateway, id }: SubnetRow, addresses: readonly Address[]): string | null {
  const taken = new Set(
    addresses.flatMap((one) => (one.subnetId === id && (one.state !== 'free' || one.seen.length > 0) ? [one.address] : [])),
  )
  if (gateway !== null) taken.add(gateway)
  for (let value = range.hostFirst; value <= range.hostLast; value += 1) {
    const address = ipv4Text(value)
    if (!taken.has(address)) return address
  }
  return null
}
