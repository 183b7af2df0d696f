import { isDeepStrictEqual } from 'node:util'
import type { Logger } from 'pino'
import { DriverError } from '../driver.ts'
import { ControlFile } from './control-file.ts'
import { ROOM_KEYS, type RoomSettings, roomParameters, type SimulatorOptions } from './options.ts'
import { RoomModel } from './room-model.ts'

/** A room shared by the devices that name it. Begins at the first reading, when every device of the configuration had a chance to describe it. */
export class SimulatedRoom {
  readonly name: string
  private settings: RoomSettings = {}
  private model: RoomModel | undefined
  private controlFile: ControlFile | undefined
  devices = 0

  constructor(name: string) {
    this.name = name
  }

  /**
   * Adds what one more device says about the room. A room that learns something new begins again: it is a simulation.
   * Throws a DriverError of kind configuration when two devices contradict each other.
   */
  join(settings: RoomSettings): void {
    const merged: Record<string, unknown> = { ...this.settings }
    let learnt = false
    for (const key of ROOM_KEYS) {
      if (settings[key] === undefined) continue
      if (merged[key] !== undefined && !isDeepStrictEqual(merged[key], settings[key])) {
        throw new DriverError(
          'configuration',
          `simulated room "${this.name}": two devices say different things about ${key}; say it on one of them`,
        )
      }
      if (merged[key] === undefined) learnt = true
      merged[key] = settings[key]
    }
    this.settings = merged
    if (learnt) this.model = undefined
    this.devices += 1
  }

  /** The model, begun now if it was not yet. */
  modelAt(nowMs: number): RoomModel {
    this.model ??= new RoomModel(roomParameters(this.settings), nowMs)
    return this.model
  }

  /** The model brought to `nowMs`, under what the control file asks for at that time. */
  async advanceTo(nowMs: number, log: Logger): Promise<RoomModel> {
    const path = this.settings.controlFile
    if (path !== undefined) this.controlFile ??= new ControlFile(path)
    const controls = await this.controlFile?.look(log)
    const model = this.modelAt(nowMs)
    if (controls) model.setControls(controls)
    model.advanceTo(nowMs)
    return model
  }
}

/** The simulated rooms of one agent, by name; a room ends with its last device. */
export class SimulatedRooms {
  private readonly rooms = new Map<string, SimulatedRoom>()

  join(options: SimulatorOptions): SimulatedRoom {
    const name = options.simulatedRoom
    const room = this.rooms.get(name) ?? new SimulatedRoom(name)
    room.join(options)
    this.rooms.set(name, room)
    return room
  }

  leave(room: SimulatedRoom): void {
    room.devices -= 1
    if (room.devices === 0) this.rooms.delete(room.name)
  }
}
