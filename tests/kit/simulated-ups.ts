import { roomParameters } from '../../agent/src/drivers/simulator/options.ts'
import { RoomModel } from '../../agent/src/drivers/simulator/room-model.ts'

interface UpsSample {
  atMs: number
  status: string
  chargePercent: number
  loadPercent: number
  runtimeSeconds: number
}

interface SimulatedUps {
  rackCount: number
  rackWatts: number
  fullLoadMinutes: number
  /** What it claims of what it has. */
  promises: number
  startMs: number
}

/** A simulated UPS that claims `promises` times what it has; charge in whole per cent, as most show it. */
export function simulatedUps({ rackCount, rackWatts, fullLoadMinutes, promises, startMs }: SimulatedUps) {
  // A large room, so that no rack switches itself off for heat before the battery is empty.
  const settings = {
    seed: rackCount,
    rackCount,
    rackWatts,
    roomCubicMetres: 2000,
    upsRatedWatts: 10_000,
    upsFullLoadMinutes: fullLoadMinutes,
  }
  const model = new RoomModel(roomParameters(settings), startMs)
  const sampleAt = (atMs: number): UpsSample => {
    model.advanceTo(atMs)
    const { status, chargePercent, loadPercent, runtimeSeconds } = model.measurements().ups
    return { atMs, status, chargePercent: Math.round(chargePercent), loadPercent, runtimeSeconds: promises * runtimeSeconds }
  }
  const discharge = (fromMs: number, toCharge: number) => {
    model.advanceTo(fromMs)
    model.setControls({ 'mains-lost': true })
    const samples: UpsSample[] = []
    let atMs = fromMs
    do {
      atMs += 5000
      samples.push(sampleAt(atMs))
    } while (model.state.ups.charge > toCharge)
    model.setControls({})
    return [...samples, sampleAt(atMs + 5000)]
  }
  return { discharge }
}
