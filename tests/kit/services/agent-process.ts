import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stringify } from 'yaml'
import { type ChildProgram, startChildProgram, waitFor } from './child-program.ts'
import type { ServerProcess } from './server-process.ts'

const AGENT_CLI = fileURLToPath(new URL('../../../agent/src/cli.ts', import.meta.url))

/** Who the agent is, as the server issued it. */
export interface AgentCredential {
  username: string
  password: string
}

export interface AgentProcessOptions {
  site: string
  node: string
  mqttUrl: string
  credential: AgentCredential
  devices: readonly Record<string, unknown>[]
  /** Folder of the reading log; inside the agent's temporary folder by default. */
  dataDir?: string
  env?: Readonly<Record<string, string>>
}

/** The real agent as a process of its own, on an agent.yaml in a temporary folder. */
export interface AgentProcess {
  readonly folder: string
  /** Everything it logged since it was started the last time (the last 8 kB). */
  output(): string
  start(): Promise<void>
  stop(signal?: NodeJS.Signals): Promise<void>
  dispose(): Promise<void>
}

/** A credential by the server's own API, as a person gets it in the dashboard. */
export async function issueCredential(server: ServerProcess, site: string, node: string): Promise<AgentCredential> {
  const { username, password } = await server.send<AgentCredential>('POST', '/api/agents', { site, node })
  return { username, password }
}

/** Starts the agent and waits until it says that it runs. */
export async function startAgentProcess(options: AgentProcessOptions): Promise<AgentProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'roomkeeper-agent-'))
  const file = join(folder, 'agent.yaml')
  const { site, node, mqttUrl, credential, devices, dataDir = 'data' } = options
  await writeFile(file, stringify({ site, node, mqtt: { url: mqttUrl, ...credential }, dataDir, devices }), { mode: 0o600 })
  let program: ChildProgram | undefined
  const start = async (): Promise<void> => {
    const started = startChildProgram(process.execPath, [AGENT_CLI, 'run', '--config', file], options.env)
    program = started
    await waitFor('the agent runs', 40_000, async () => {
      if (started.process.exitCode !== null) throw new Error(`the agent ended:\n${started.output()}`)
      return started.output().includes('the agent runs') ? true : undefined
    })
  }
  const stop = async (signal?: NodeJS.Signals): Promise<void> => program?.stop(signal)
  try {
    await start()
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
  return {
    folder,
    output: () => program?.output() ?? '',
    start,
    stop,
    dispose: async () => {
      await stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
