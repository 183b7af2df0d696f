import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const AGENT_PROGRAM = fileURLToPath(new URL('../../agent/src/cli.ts', import.meta.url))
/**
 * An agent runs on a small box and has little to do: memory goes before speed. Code is optimized only when it runs very often, as in a
 * long replay; the compilers and what they make are 10 MB of an agent that scans every 10 s. Measured by `npm run bench -- agent`; the same
 * in deploy/systemd and deploy/agent.Dockerfile.
 */
export const AGENT_NODE_FLAGS: readonly string[] = [
  '--max-semi-space-size=1',
  '--optimize-for-size',
  '--no-sparkplug',
  '--invocation-count-for-maglev=50000',
  '--invocation-count-for-maglev-osr=10000',
  '--invocation-count-for-turbofan=200000',
  '--invocation-count-for-osr=50000',
]

/** Node finds the stripped sources there, also of the first file: the stripper itself then stays unloaded (13 MB). */
export const AGENT_COMPILE_CACHE: string = fileURLToPath(new URL('../../node_modules/.cache/roomkeeper', import.meta.url))

/** Starts the agent's command line as a process of its own; its output is shown with ours. It sees by the channel's end that we are gone. */
export function spawnAgent(args: readonly string[], env: NodeJS.ProcessEnv = process.env): ChildProcess {
  return spawn(process.execPath, [...AGENT_NODE_FLAGS, AGENT_PROGRAM, ...args], {
    env: { NODE_COMPILE_CACHE: AGENT_COMPILE_CACHE, ...env },
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  })
}
