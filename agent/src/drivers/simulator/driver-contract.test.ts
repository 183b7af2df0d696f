import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe } from 'vitest'
import { driverContract } from '../../../../tests/kit/driver-contract.ts'
import { createSimulatorDriver } from './index.ts'

/** The unit of this room never answers: its only scenario begins with the room and silences the device at once. */
const SILENT = { name: 'sensor-dies', atSeconds: 0, forSeconds: 86_400, deviceSilentAfterSeconds: 0 }

describe('simulator driver', () => {
  driverContract({
    driver: createSimulatorDriver(),
    startPeer: async () => {
      const folder = await mkdtemp(join(tmpdir(), 'simulator-contract-'))
      const controlFile = join(folder, 'control.json')
      return {
        options: { role: 'environment', controlFile },
        goAway: () => writeFile(controlFile, JSON.stringify({ 'sensor-dies': { deviceSilentAfterSeconds: 0 } })),
        comeBack: () => rm(controlFile),
        dispose: () => rm(folder, { recursive: true }),
      }
    },
    unreachable: async () => ({
      options: { role: 'environment', simulatedRoom: 'silent', scenarios: [SILENT] },
      dispose: async () => undefined,
    }),
    silent: { notApplicable: 'the simulated room has no network to wait for' },
    invalidOptions: [
      { options: { role: 'fridge' }, key: 'role' },
      { options: { role: 'ups', speed: 0 }, key: 'speed' },
      { options: { role: 'ups', sped: 60 }, key: 'sped' },
      { options: { role: 'ups', scenarios: [{ name: 'flood', atSeconds: 0, forSeconds: 1 }] }, key: 'scenarios.0.name' },
    ],
  })
})
