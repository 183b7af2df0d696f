import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const AGENT_PROGRAM = fileURLToPath(new URL('../../agent/src/cli.ts', import.meta.url))
/** An agent runs on a small box and has little to do: memory goes before speed (113 MB instead of 144 MB with 200 points). */
const MEMORY_FLAGS = ['--max-semi-space-size=1', '--optimize-for-size']

/** Starts the agent's command line as a process of its own; its output is shown with ours. It sees by the channel's end that we are gone. */
export function spawnAgent(args: readonly string[], env: NodeJS.ProcessEnv = process.env): ChildProcess {
  return spawn(process.execPath, [...MEMORY_FLAGS, AGENT_PROGRAM, ...args], { env, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] })
}
