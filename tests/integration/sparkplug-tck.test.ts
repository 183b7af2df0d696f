import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { parseAgentConfig } from '../../agent/src/config/index.ts'
import { simulatorDriver } from '../../agent/src/drivers/simulator/index.ts'
import { MOSQUITTO_PROGRAMS } from '../kit/services/mosquitto.ts'
import { missingProgram } from '../kit/services/require-program.ts'
import { EDGE_FLOW_CHECKS } from '../kit/sparkplug/edge-flow-checks.ts'
import { EDGE_PAYLOAD_CHECKS } from '../kit/sparkplug/edge-payload-checks.ts'
import { HOST_CHECKS } from '../kit/sparkplug/host-checks.ts'
import { type Recording, recordSparkplugLife } from '../kit/sparkplug/scenario.ts'

const missing = missingProgram(MOSQUITTO_PROGRAMS, 'mosquitto')
const CHECKS = [...EDGE_PAYLOAD_CHECKS, ...EDGE_FLOW_CHECKS, ...HOST_CHECKS].flatMap(([ids, decide]) =>
  ids.map((id) => ({ id: `tck-id-${id}`, decide })),
)

/** What agent.yaml refuses before anything is sent. */
const REFUSED = {
  'tck-id-topic-structure-namespace-valid-group-id': { site: 'a/b' },
  'tck-id-topic-structure-namespace-valid-edge-node-id': { node: 'a+b' },
  'tck-id-topic-structure-namespace-valid-device-id': { devices: [{ id: 'a#b', driver: 'simulator' }] },
  'tck-id-topic-structure-namespace-unique-device-id': { devices: ['x', 'x'].map((id) => ({ id, driver: 'simulator', role: 'racks' })) },
}

describe.skipIf(missing !== undefined)(
  `Sparkplug 3.0.0, agent and server over mosquitto${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    let recording: Recording
    beforeAll(async () => {
      recording = await recordSparkplugLife()
    }, 180_000)

    it.each(CHECKS)('$id', ({ decide }) => decide(recording))
  },
)

it.each(Object.entries(REFUSED))('%s', (_id, wrong) => {
  const yaml = JSON.stringify({ site: 's', node: 'n', mqtt: { url: 'mqtt://127.0.0.1' }, dataDir: 'd', devices: [], ...wrong })
  const read = () => parseAgentConfig(yaml, { path: '/agent.yaml', env: {}, drivers: [simulatorDriver] }).invalidDevices
  const key = Object.keys(wrong)[0] as string
  if (key === 'devices') expect(read()).toHaveLength(1)
  else expect(read).toThrow(new RegExp(key))
})

describe('docs/sparkplug-conformance.md', () => {
  const rows = [
    ...readFileSync(new URL('../../docs/sparkplug-conformance.md', import.meta.url), 'utf8').matchAll(
      /^\| `(tck-id-[\w-]+)` \| (.+?) \|$/gm,
    ),
  ]

  it('lists each of the 299 assertions of the specification once', () => {
    expect(rows).toHaveLength(299)
    expect(new Set(rows.map(([, id]) => id)).size).toBe(299)
  })

  it('says covered where there is a test of that name, and a reason everywhere else', () => {
    const covered = rows.flatMap(([, id, state]) => (state === 'covered' ? [id] : []))
    expect(covered.sort()).toEqual([...CHECKS.map(({ id }) => id), ...Object.keys(REFUSED)].sort())
    for (const [, id, state] of rows) if (state !== 'covered') expect(state, id).toMatch(/^(not applicable|not followed): .{10,}/)
  })
})
