import { z } from 'zod'

/** What can go wrong in the simulated room. */
export const SCENARIO_NAMES = ['cooling-fails', 'mains-lost', 'leak', 'smoke', 'door-open', 'sensor-dies', 'sensor-lies'] as const
export type ScenarioName = (typeof SCENARIO_NAMES)[number]

/**
 * How a sensor lies: `power-on-value` is the 85 °C a DS18B20 gives after a reset, `frozen` repeats one value for ever,
 * `jump` adds 34 °C for three seconds out of fifteen (both seen by users of real systems, Mycodo #404).
 */
export const SENSOR_LIES = ['power-on-value', 'frozen', 'jump'] as const

const details = {
  probe: z.string().min(1).optional().describe('sensor-dies, sensor-lies: the probe concerned; the first one by default.'),
  lie: z.enum(SENSOR_LIES).default('power-on-value').describe('sensor-lies: power-on-value (85 °C), frozen or jump.'),
  deviceSilentAfterSeconds: z
    .number()
    .min(0)
    .default(120)
    .describe('sensor-dies: the whole device stops answering this many model seconds after the probe died.'),
}

export const scheduledScenarioSchema = z
  .strictObject({
    name: z.enum(SCENARIO_NAMES).describe('What goes wrong.'),
    atSeconds: z.number().min(0).describe('Begins this many model seconds after the room was opened.'),
    forSeconds: z.number().positive().describe('Lasts this many model seconds.'),
    everySeconds: z
      .number()
      .positive()
      .optional()
      .describe('Begins again this many model seconds after its last beginning; once only when absent.'),
    ...details,
  })
  .refine((scenario) => scenario.everySeconds === undefined || scenario.everySeconds > scenario.forSeconds, {
    path: ['everySeconds'],
    message: 'everySeconds must be longer than forSeconds',
  })
export type ScheduledScenario = z.output<typeof scheduledScenarioSchema>

const detailsSchema = z.strictObject(details)
export type ScenarioDetails = z.output<typeof detailsSchema>

/** One entry of the control file: true begins, false prevents (also what the schedule asks for), an object begins with details. */
const controlSchema = z.partialRecord(z.enum(SCENARIO_NAMES), z.union([z.boolean(), detailsSchema]))
export type ScenarioControls = z.output<typeof controlSchema>

/** A scenario in force, with the model time it began at. */
export interface ActiveScenario extends ScenarioDetails {
  sinceSeconds: number
}
export type ActiveScenarios = Partial<Record<ScenarioName, ActiveScenario>>

/** Reads a control file's text. Throws an Error whose sentence names the wrong key and what is allowed. */
export function parseControls(text: string): ScenarioControls {
  const parsed = controlSchema.safeParse(JSON.parse(text))
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new Error(`${issue?.path.join('.') || 'the file'}: ${issue?.message}; scenarios are ${SCENARIO_NAMES.join(', ')}`)
}

/** When the scheduled scenario that covers `modelSeconds` began, or undefined when none does. */
function begunAt(scenario: ScheduledScenario, modelSeconds: number): number | undefined {
  const sinceFirst = modelSeconds - scenario.atSeconds
  if (sinceFirst < 0) return undefined
  const sinceLast = scenario.everySeconds === undefined ? sinceFirst : sinceFirst % scenario.everySeconds
  return sinceLast < scenario.forSeconds ? modelSeconds - sinceLast : undefined
}

/**
 * The scenarios in force at a model time. The control file's word outranks the schedule, in both directions.
 * `before` keeps the beginning of what goes on.
 */
export function activeScenarios(
  schedule: readonly ScheduledScenario[],
  controls: ScenarioControls,
  before: ActiveScenarios,
  modelSeconds: number,
): ActiveScenarios {
  const active: ActiveScenarios = {}
  for (const scenario of schedule) {
    const sinceSeconds = begunAt(scenario, modelSeconds)
    if (sinceSeconds !== undefined && controls[scenario.name] !== false) active[scenario.name] = { ...scenario, sinceSeconds }
  }
  for (const name of SCENARIO_NAMES) {
    const control = controls[name]
    if (!control) continue
    active[name] = { ...detailsSchema.parse(control === true ? {} : control), sinceSeconds: before[name]?.sinceSeconds ?? modelSeconds }
  }
  return active
}
