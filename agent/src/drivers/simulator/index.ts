import { type DeviceConnection, type DeviceDescription, type Driver, type DriverContext, DriverError, type RawReading } from '../driver.ts'
import { type SimulatorOptions, simulatorOptionsSchema } from './options.ts'
import { pointsOfRole, type SimulatedPoint, sensorNoise } from './points.ts'
import type { RoomModel } from './room-model.ts'
import { type SimulatedRoom, SimulatedRooms } from './rooms.ts'
import { isSilent, withSensorFaults } from './sensor-faults.ts'

const MODEL_NAMES = {
  environment: 'Simulated environment unit',
  ups: 'Simulated UPS',
  cooling: 'Simulated air conditioner',
  contacts: 'Simulated contact module',
  racks: 'Simulated rack meters',
  'rack-inlets': 'Simulated rack inlet probes',
}

class SimulatedDevice implements DeviceConnection {
  private readonly options: SimulatorOptions
  private readonly context: DriverContext
  private readonly room: SimulatedRoom
  private readonly rooms: SimulatedRooms
  private readonly frozen = new Map<string, RawReading>()
  private isOpen = true

  constructor(options: SimulatorOptions, context: DriverContext, rooms: SimulatedRooms) {
    this.options = options
    this.context = context
    this.rooms = rooms
    this.room = rooms.join(options)
  }

  async describe(): Promise<DeviceDescription> {
    const model = await this.answering()
    const points = this.pointsOf(model).map(({ show: _show, ...description }) => description)
    return { maker: 'Roomkeeper', model: MODEL_NAMES[this.options.role], points }
  }

  async read(signal: AbortSignal): Promise<readonly RawReading[]> {
    signal.throwIfAborted()
    const model = await this.answering()
    const { modelSeconds, scenarios } = model.state
    const measured = model.measurements()
    const readings = this.pointsOf(model).map((point) => ({
      key: point.key,
      value: point.show(measured, sensorNoise(model.parameters.seed, point.key, modelSeconds)),
    }))
    return this.options.role === 'environment' ? withSensorFaults(readings, scenarios, modelSeconds, this.frozen) : readings
  }

  async close(): Promise<void> {
    if (!this.isOpen) return
    this.isOpen = false
    this.rooms.leave(this.room)
  }

  /** The room at this time, seen through a device that answers; throws a DriverError when it does not. */
  private async answering(): Promise<RoomModel> {
    if (!this.isOpen) throw new DriverError('unreachable', 'this simulated device was closed')
    const model = await this.room.advanceTo(this.context.clock.nowMs(), this.context.log)
    if (this.options.role === 'environment' && isSilent(model.state.scenarios, model.state.modelSeconds)) {
      throw new DriverError('unreachable', 'the simulated environment unit does not answer (scenario sensor-dies)')
    }
    return model
  }

  private pointsOf(model: RoomModel): SimulatedPoint[] {
    return pointsOfRole(this.options.role, this.options.probes, model.parameters.rackCount)
  }
}

/** A driver with its own set of rooms; devices opened through one driver share them. */
export function createSimulatorDriver(): Driver<SimulatorOptions> {
  const rooms = new SimulatedRooms()
  return {
    name: 'simulator',
    summary: {
      zh: '模拟机房：机柜发热、空调制冷、市电与 UPS，可按计划或随时触发故障。',
      en: 'A simulated machine room: racks heat it, the air conditioner cools it, mains feed the UPS; faults on schedule or on demand.',
    },
    options: simulatorOptionsSchema,
    open: async (options, context) => new SimulatedDevice(options, context, rooms),
  }
}

export const simulatorDriver = createSimulatorDriver()
