import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const AGENT_CLI = fileURLToPath(new URL('../../../agent/src/cli.ts', import.meta.url))

export interface EndedCommand {
  status: number | null
  stdout: string
  stderr: string
}

/** Runs the agent's command line to its end in the folder. */
export function runAgentCommand(folder: string, args: readonly string[], env: Record<string, string> = {}): Promise<EndedCommand> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [AGENT_CLI, ...args], { cwd: folder, timeout: 40_000, env: { PATH: process.env.PATH, ...env } })
    const texts = { stdout: '', stderr: '' }
    for (const stream of ['stdout', 'stderr'] as const)
      child[stream].setEncoding('utf8').on('data', (chunk: string) => {
        texts[stream] += chunk
      })
    child.once('error', reject)
    child.once('close', (status) => resolve({ status, ...texts }))
  })
}
