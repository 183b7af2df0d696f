import type { Change } from '@roomkeeper/shared/push'
import { appendAudit, lockChain } from '../audit/audit.ts'
import type { Db } from '../database/schema.ts'
import { type AddressBook, findAddress, loadAddressBook, nextFree, saveAddress, subnetFor, toSubnet } from '../network/address-rows.ts'
import { type Ipv4Subnet, ipv4Number, isWithin, parseSubnet } from '../network/ipv4.ts'
import { actorOf, api } from './base.ts'
import { changedByOther } from './form-revision.ts'

export interface NetworkDeps {
  db: Db
  clock: { nowMs(): number }
  change(change: Change): void
}

/** Subnets and addresses, compared with what agents see (regulation T2). */
export function createNetworkHandlers(deps: NetworkDeps) {
  const { db, clock } = deps
  const { network } = api
  const book = (): Promise<AddressBook> => loadAddressBook(db, clock.nowMs())

  const subnet = async (id: number) => {
    const { subnets, addresses } = await book()
    const row = subnets.find((one) => one.id === id)
    return row && toSubnet(row, addresses)
  }

  const write = async <T>(work: (transaction: Db, nowMs: number) => Promise<T>): Promise<T> => {
    const result = await db.transaction().execute(async (transaction) => {
      await lockChain(transaction)
      return work(transaction, clock.nowMs())
    })
    deps.change({ topic: 'network' })
    return result
  }

  return {
    subnets: network.subnets.handler(async () => {
      const { subnets, addresses } = await book()
      return subnets.map((row) => toSubnet(row, addresses)).sort((a, b) => compareCidr(a.cidr, b.cidr))
    }),

    addSubnet: network.addSubnet.handler(async ({ input, context, errors }) => {
      const actor = actorOf(context)
      const id = await write(async (transaction, nowMs) => {
        const problem = await subnetProblem(transaction, input)
        if (problem) throw errors.INVALID(problem)
        const values = { ...input, revision: 1, changedBy: actor.name, changedAtMs: nowMs, removedAtMs: null }
        const row = await transaction.insertInto('ipSubnet').values(values).returning('id').executeTakeFirstOrThrow()
        const entry = { actor: actor.username, action: 'network.subnet-add', entity: `subnet:${row.id}`, after: input }
        await appendAudit(transaction, entry, nowMs)
        return row.id
      })
      const added = await subnet(id)
      if (!added) throw errors.NOT_FOUND()
      return added
    }),

    changeSubnet: network.changeSubnet.handler(async ({ input, context, errors }) => {
      const { subnetId, revision, ...after } = input
      const actor = actorOf(context)
      await write(async (transaction, nowMs) => {
        const before = await liveSubnet(transaction, subnetId)
        if (!before) throw errors.NOT_FOUND()
        if (before.revision !== revision) throw errors.CONFLICT(changedByOther(before.changedBy, before.changedAtMs))
        const problem = await subnetProblem(transaction, after, subnetId)
        if (problem) throw errors.INVALID(problem)
        const changed = { ...after, revision: revision + 1, changedBy: actor.name, changedAtMs: nowMs }
        await transaction.updateTable('ipSubnet').set(changed).where('id', '=', subnetId).execute()
        const entry = { actor: actor.username, action: 'network.subnet-change', entity: `subnet:${subnetId}`, before, after }
        await appendAudit(transaction, entry, nowMs)
      })
      const changed = await subnet(subnetId)
      if (!changed) throw errors.NOT_FOUND()
      return changed
    }),

    removeSubnet: network.removeSubnet.handler(async ({ input, context, errors }) => {
      await write(async (transaction, nowMs) => {
        const before = await liveSubnet(transaction, input.subnetId)
        if (!before) throw errors.NOT_FOUND()
        const taken = await transaction
          .selectFrom('ipAddress')
          .select('address')
          .where('subnetId', '=', input.subnetId)
          .where('state', '<>', 'free')
          .executeTakeFirst()
        if (taken)
          throw errors.INVALID({
            message: `网段中还有已用或保留的地址，如 ${taken.address}，请先释放 / it has used or reserved addresses, such as ${taken.address}: free them first`,
            data: { field: 'subnetId', allowed: '没有已用或保留地址的网段 / a subnet without used or reserved addresses' },
          })
        await transaction.updateTable('ipSubnet').set({ removedAtMs: nowMs }).where('id', '=', input.subnetId).execute()
        const { username } = actorOf(context)
        await appendAudit(
          transaction,
          { actor: username, action: 'network.subnet-remove', entity: `subnet:${input.subnetId}`, before },
          nowMs,
        )
      })
      return { ok: true as const }
    }),

    addresses: network.addresses.handler(async ({ input }) => {
      const { addresses } = await book()
      const q = input.q?.toLowerCase()
      return addresses.filter((one) => {
        if (input.subnetId !== undefined && one.subnetId !== input.subnetId) return false
        if (q)
          return [one.address, one.hostname, one.mac, one.department, one.custodian, one.note].some((text) =>
            text.toLowerCase().includes(q),
          )
        return input.subnetId !== undefined || one.conflicts.length > 0 || one.subnetId === null
      })
    }),

    nextFree: network.nextFree.handler(async ({ input, errors }) => {
      const { subnets, addresses } = await book()
      const row = subnets.find(({ id }) => id === input.subnetId)
      if (!row) throw errors.NOT_FOUND()
      return { address: nextFree(row, addresses) }
    }),

    setAddress: network.setAddress.handler(async ({ input, context, errors }) => {
      const { revision, ...after } = input
      const actor = actorOf(context)
      await write(async (transaction, nowMs) => {
        const { subnets } = await loadAddressBook(transaction, nowMs)
        const place = subnetFor(subnets, after.address)
        if (!place)
          throw errors.INVALID({
            message: `${after.address} 不在任何网段中，请先登记网段 / ${after.address} is in no subnet: write down the subnet first`,
            data: { field: 'address', allowed: subnets.map(({ cidr }) => cidr).join(', ') },
          })
        const before = await findAddress(transaction, place.id, after.address)
        if ((before?.revision ?? 0) !== revision)
          throw errors.CONFLICT(changedByOther(before?.changedBy ?? null, before?.changedAtMs ?? null))
        if (after.assetId !== null && !(await isAsset(transaction, after.assetId)))
          throw errors.INVALID({
            message: '没有这项资产 / no such asset',
            data: { field: 'assetId', allowed: '资产台账中的一项 / one of the assets' },
          })
        await saveAddress(transaction, actor, { subnetId: place.id, before, after }, nowMs)
      })
      const found = (await book()).addresses.find(({ address }) => address === after.address)
      if (!found) throw errors.NOT_FOUND()
      return found
    }),
  }
}

function compareCidr(a: string, b: string): number {
  return ipv4Number(a.split('/')[0] ?? '') - ipv4Number(b.split('/')[0] ?? '')
}

async function liveSubnet(transaction: Db, id: number) {
  return transaction.selectFrom('ipSubnet').selectAll().where('id', '=', id).where('removedAtMs', 'is', null).executeTakeFirst()
}

async function isAsset(transaction: Db, id: number): Promise<boolean> {
  const row = await transaction
    .selectFrom('registerRecord')
    .select('id')
    .where('id', '=', id)
    .where('register', '=', 'asset')
    .executeTakeFirst()
  return row !== undefined
}

interface Problem {
  message: string
  data: { field: string; allowed: string }
}

/** A subnet begins where it says, has its gateway inside, and covers no other one in part. */
async function subnetProblem(
  transaction: Db,
  wanted: { cidr: string; gateway: string | null },
  exceptId = 0,
): Promise<Problem | undefined> {
  const range = parseSubnet(wanted.cidr)
  if ('problem' in range) return { message: range.problem, data: { field: 'cidr', allowed: '10.1.20.0/24' } }
  if (wanted.gateway !== null && !isWithin(range, ipv4Number(wanted.gateway)))
    return {
      message: `网关 ${wanted.gateway} 不在 ${wanted.cidr} 中 / the gateway ${wanted.gateway} is not in ${wanted.cidr}`,
      data: { field: 'gateway', allowed: wanted.cidr },
    }
  const others = await transaction.selectFrom('ipSubnet').select(['id', 'cidr']).where('removedAtMs', 'is', null).execute()
  for (const other of others) {
    if (other.id === exceptId) continue
    const their = parseSubnet(other.cidr)
    if ('problem' in their || !overlaps(range, their)) continue
    return {
      message: `与已登记的网段 ${other.cidr} 重叠 / it overlaps with ${other.cidr}`,
      data: { field: 'cidr', allowed: '不与其他网段重叠 / no overlap with another subnet' },
    }
  }
  return undefined
}

function overlaps(a: Ipv4Subnet, b: Ipv4Subnet): boolean {
  return a.first <= b.last && b.first <= a.last
}
