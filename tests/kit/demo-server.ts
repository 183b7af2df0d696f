import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { DEMO_NODE, DEMO_SITE } from '../../agent/src/demo-config.ts'
import { demoRoomDevices } from '../../agent/src/drivers/simulator/demo-room.ts'
import type { ScenarioControls } from '../../agent/src/drivers/simulator/scenarios.ts'
import { type ServerProcess, startServerProcess } from './services/server-process.ts'

/** What `npm start` runs, with scenarios of its simulated room begun and ended by the test. */
export interface DemoServer {
  server: ServerProcess
  /** From the next scan on; `{}` ends what was begun. */
  play(controls: ScenarioControls): Promise<void>
  dispose(): Promise<void>
}

/** Starts the demonstration on free ports, with further environment. Its own story (the mains fail after three minutes) is off. */
export async function startDemoServer(env: Readonly<Record<string, string>> = {}): Promise<DemoServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'roomkeeper-demo-'))
  const folder = join(dataDir, 'agent')
  const controlFile = join(folder, 'scenarios.json')
  const play = (controls: ScenarioControls): Promise<void> => writeFile(controlFile, JSON.stringify({ 'mains-lost': false, ...controls }))
  await mkdir(folder, { recursive: true })
  await play({})
  // The trial agent keeps a configuration that is there already.
  await writeFile(
    join(folder, 'agent-demo.yaml'),
    stringify({
      site: DEMO_SITE,
      node: DEMO_NODE,
      mqtt: { url: 'mqtt://127.0.0.1:1883' },
      dataDir: 'log',
      devices: demoRoomDevices({ controlFile }),
    }),
  )
  const server = await startServerProcess({ command: 'demo', dataDir, env })
  return {
    server,
    play,
    dispose: async () => {
      await server.dispose()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
