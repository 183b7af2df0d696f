import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ChildProgram, startChildProgram } from './child-program.ts'

export const SOCAT_PATH = '/usr/bin/socat'
const READY_MS = 5000

/** A serial line by socat: two pseudo-terminals, what is written to one is read from the other. */
export interface SerialLine {
  /** The agent's end. */
  readonly agentPath: string
  /** The devices' end. */
  readonly devicePath: string
  /** Pulls the adapter: both ends are gone. */
  unplug(): Promise<void>
  plugIn(): Promise<void>
  stop(): Promise<void>
}

export async function startSerialLine(): Promise<SerialLine> {
  const folder = mkdtempSync(join(tmpdir(), 'roomkeeper-serial-'))
  const [agentPath, devicePath] = [join(folder, 'agent'), join(folder, 'device')]
  let program: ChildProgram | undefined
  const unplug = async (): Promise<void> => {
    await program?.stop()
    program = undefined
  }
  const plugIn = async (): Promise<void> => {
    program = startChildProgram(
      SOCAT_PATH,
      [agentPath, devicePath].map((path) => `pty,raw,echo=0,link=${path}`),
    )
    const deadlineMs = performance.now() + READY_MS
    while (!existsSync(agentPath) || !existsSync(devicePath)) {
      if (performance.now() > deadlineMs) throw new Error(`socat made no serial line: ${program.output()}`)
      await sleep(20)
    }
  }
  await plugIn()
  return {
    agentPath,
    devicePath,
    unplug,
    plugIn,
    stop: async () => {
      await unplug()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
