import type { Change } from '@roomkeeper/shared/push'
import { appendAudit, lockChain } from '../audit/audit.ts'
import type { Db } from '../database/schema.ts'
import { expandPorts } from '../network/port-range.ts'
import { filterPorts, livePort, loadPorts, portProblem, savePort } from '../network/port-rows.ts'
import { actorOf, api } from './base.ts'
import { changedByOther } from './form-revision.ts'

export interface SwitchPortsDeps {
  db: Db
  clock: { nowMs(): number }
  change(change: Change): void
}

/** Switch ports and what is patched to them (regulation T2: every switch port numbered). */
export function createSwitchPortHandlers(deps: SwitchPortsDeps) {
  const { db, clock } = deps
  const { network } = api

  const write = async <T>(work: (transaction: Db, nowMs: number) => Promise<T>): Promise<T> => {
    const result = await db.transaction().execute(async (transaction) => {
      await lockChain(transaction)
      return work(transaction, clock.nowMs())
    })
    deps.change({ topic: 'network' })
    return result
  }

  return {
    ports: network.ports.handler(async ({ input }) => filterPorts(await loadPorts(db), input)),

    addPorts: network.addPorts.handler(async ({ input, context, errors }) => {
      const names = expandPorts(input.port)
      if ('problem' in names) throw errors.INVALID({ message: names.problem, data: { field: 'port', allowed: 'GE1/0/[1-24]' } })
      const peerPorts = peerPortsFor(input.peerPort, names.length)
      if ('problem' in peerPorts) throw errors.INVALID({ message: peerPorts.problem, data: { field: 'peerPort', allowed: 'P[1-24]' } })
      const actor = actorOf(context)
      const ids = await write(async (transaction, nowMs) => {
        const added: number[] = []
        for (const [index, port] of names.entries()) {
          // One label cannot be on many ports.
          const label = names.length === 1 && input.label !== '' ? input.label : `${input.switchName}-${port}`
          const wanted = { ...input, port, label, peerPort: peerPorts[index] ?? '' }
          const problem = await portProblem(transaction, wanted)
          if (problem) throw errors.INVALID(problem)
          const values = { ...wanted, revision: 1, changedBy: actor.name, changedAtMs: nowMs, removedAtMs: null }
          const row = await transaction.insertInto('switchPort').values(values).returning('id').executeTakeFirstOrThrow()
          added.push(row.id)
        }
        const entry = {
          actor: actor.username,
          action: 'network.port-add',
          entity: `switch:${input.switchName}`,
          after: { ...input, ports: names },
        }
        await appendAudit(transaction, entry, nowMs)
        return added
      })
      return (await loadPorts(db)).filter(({ id }) => ids.includes(id))
    }),

    changePort: network.changePort.handler(async ({ input, context, errors }) => {
      const { portId, revision, ...given } = input
      const after = { ...given, label: given.label || `${given.switchName}-${given.port}` }
      const actor = actorOf(context)
      await write(async (transaction, nowMs) => {
        const before = await livePort(transaction, portId)
        if (!before) throw errors.NOT_FOUND()
        if (before.revision !== revision) throw errors.CONFLICT(changedByOther(before.changedBy, before.changedAtMs))
        const problem = await portProblem(transaction, after, portId)
        if (problem) throw errors.INVALID(problem)
        await savePort(transaction, actor, before, after, nowMs)
      })
      const port = (await loadPorts(db)).find(({ id }) => id === portId)
      if (!port) throw errors.NOT_FOUND()
      return port
    }),

    removePort: network.removePort.handler(async ({ input, context, errors }) => {
      await write(async (transaction, nowMs) => {
        const before = await livePort(transaction, input.portId)
        if (!before) throw errors.NOT_FOUND()
        await transaction.updateTable('switchPort').set({ removedAtMs: nowMs }).where('id', '=', input.portId).execute()
        const { username } = actorOf(context)
        await appendAudit(
          transaction,
          { actor: username, action: 'network.port-remove', entity: `switch-port:${input.portId}`, before },
          nowMs,
        )
      })
      return { ok: true as const }
    }),
  }
}

/** Ports of a range that are patched to a range stand opposite each other one by one; else all have what is written. */
function peerPortsFor(text: string, count: number): string[] | { problem: string } {
  if (!text.includes('[')) return Array.from({ length: count }, () => text)
  const peers = expandPorts(text)
  if ('problem' in peers || peers.length === count) return peers
  return { problem: `对端端口有 ${peers.length} 个，端口有 ${count} 个 / ${peers.length} ports there for ${count} ports here` }
}
