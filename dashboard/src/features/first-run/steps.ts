import type { FirstRun } from '@roomkeeper/shared/http'
import { PERMISSIONS, type Permission, type Role } from '@roomkeeper/shared/model'

export const STEP_NAMES = ['password', 'room', 'agent', 'device', 'duty', 'channel', 'drill'] as const
export type StepName = (typeof STEP_NAMES)[number]

/** `waiting`: begun, and something or somebody else is to come. */
export type StepState = 'done' | 'waiting' | 'todo'

export interface Step {
  name: StepName
  state: StepState
}

/** How far a new server is, in the order in which one goes on. Signed in with a password of one's own is known by being here at all. */
export function stepsOf({ rooms, agents, devices, channels, onDuty, drills }: FirstRun, mustChangePassword: boolean): Step[] {
  const state = (isDone: boolean, isWaiting = false): StepState => (isDone ? 'done' : isWaiting ? 'waiting' : 'todo')
  const states: Record<StepName, StepState> = {
    password: state(!mustChangePassword),
    room: state(rooms.length > 0),
    agent: state(agents.arrived > 0, agents.codes > 0 || agents.paired > 0),
    // Some confirmed and others new: that is everyday life, and the overview says so by itself.
    device: state(devices.confirmed > 0, devices.waiting > 0),
    duty: state(onDuty.length > 0),
    channel: state(channels.proved > 0, channels.enabled > 0),
    drill: state(drills.passed > 0, drills.running > 0),
  }
  return STEP_NAMES.map((name) => ({ name, state: states[name] }))
}

/** What is to be done next; undefined when all is done. */
export function nextStep(steps: readonly Step[]): Step | undefined {
  return steps.find(({ state }) => state !== 'done')
}

const PERMISSION_OF: Record<StepName, Permission> = {
  password: 'self',
  room: 'rooms.write',
  agent: 'agents.write',
  device: 'rooms.write',
  duty: 'self',
  channel: 'channels.write',
  drill: 'proof.write',
}

/** The roles that may do a step. */
export function rolesFor(name: StepName): readonly Role[] {
  return PERMISSIONS[PERMISSION_OF[name]]
}
