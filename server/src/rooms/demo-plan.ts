import { type PlanDevice, startPlan } from '@roomkeeper/shared/model'
import { lockChain } from '../audit/audit.ts'
import type { Db } from '../database/schema.ts'
import { addPlanVersion, loadPlan } from './floor-plans.ts'

/** The devices of the demonstration's simulated room, by their Sparkplug ids (agent/src/drivers/simulator/demo-room.ts). */
const DEVICES: readonly string[] = ['demo-environment', 'demo-ups', 'demo-cooling', 'demo-contacts', 'demo-rack-inlets']

interface DemoPlanDeps {
  db: Db
  clock: { nowMs(): number }
  /** The demonstration's agent. */
  site: string
  node: string
}

/**
 * Draws the plan of the simulated room once its devices are there, so that the first start shows a heat map. A room that has a plan keeps it.
 * Returns whether there is nothing more to do.
 */
export async function drawDemoPlan({ db, clock, site, node }: DemoPlanDeps): Promise<boolean> {
  const rows = await db
    .selectFrom('device')
    .innerJoin('edgeNode', 'edgeNode.id', 'device.nodeId')
    .innerJoin('point', 'point.deviceId', 'device.id')
    .select([
      'device.id as deviceId',
      'device.device',
      'device.roomId',
      'point.id',
      'point.key',
      'point.kind',
      'point.name',
      'point.nameEn',
    ])
    .where('edgeNode.site', '=', site)
    .where('edgeNode.node', '=', node)
    .where('device.device', 'in', DEVICES)
    .orderBy('point.id')
    .execute()
  const [first] = rows
  // The configuration of an agent that people edited may lack a device: then there is a button for it.
  if (!first || DEVICES.some((device) => !rows.some((row) => row.device === device))) return false
  const { roomId } = first
  if (rows.some((row) => row.roomId !== roomId)) return true
  const deviceIds = [...new Set(rows.map(({ deviceId }) => deviceId))]
  const devices = deviceIds.map((id): PlanDevice => ({ id, points: rows.filter(({ deviceId }) => deviceId === id) }))
  await db.transaction().execute(async (transaction) => {
    await lockChain(transaction)
    const before = await loadPlan(transaction, roomId)
    if (before?.version !== 0) return
    const author = { name: 'Roomkeeper', username: 'system' }
    await addPlanVersion(transaction, { roomId, before, plan: startPlan(devices), author, atMs: clock.nowMs() })
  })
  return true
}
