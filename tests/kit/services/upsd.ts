import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { type ChildProgram, startChildProgram, waitFor } from './child-program.ts'
import { freeTcpPort } from './free-port.ts'

const UPSD_PATH = '/lib/nut/upsd'
const DUMMY_UPS_PATH = '/lib/nut/dummy-ups'
/** What `missingProgram` must find before `startUpsd` is called; Debian's package is `nut-server`. */
export const UPSD_PROGRAMS: readonly string[] = [UPSD_PATH, DUMMY_UPS_PATH]

export interface UpsdOptions {
  /** UPS name → what dummy-ups plays. `dev` is `variable: value` lines, read once; `seq` is the same with `TIMER n` lines (s), looped. */
  upses: Record<string, { dev: string } | { seq: string }>
  /** false: upsd is there when `startUpsd` resolves, but its UPSes may still be in the state WAIT, or never leave it. */
  awaitsUpses?: boolean
}

/** A real upsd with one dummy-ups for each UPS, on 127.0.0.1. */
export interface Upsd {
  readonly port: number
  /** Changes what a `dev` UPS says and resolves when upsd says it too. */
  play(ups: string, dev: string): Promise<void>
  /** Ends the driver of one UPS only: upsd then answers DRIVER-NOT-CONNECTED or DATA-STALE. */
  stopDriver(ups: string): Promise<void>
  startDriver(ups: string): Promise<void>
  /** Ends upsd only; `startServer` listens on the same port again. */
  stopServer(): Promise<void>
  startServer(): Promise<void>
  /** Ends everything and deletes the files. */
  stop(): Promise<void>
}

/** Starts upsd on a free port with its files in a temporary directory; resolves when every UPS has left the state WAIT. */
export async function startUpsd(options: UpsdOptions): Promise<Upsd> {
  const dir = await mkdtemp(join(tmpdir(), 'roomkeeper-upsd-'))
  const port = await freeTcpPort()
  const env = { NUT_CONFPATH: dir, NUT_STATEPATH: dir, NUT_ALTPIDPATH: dir, NUT_QUIET_INIT_SSL: 'true' }
  // Both programs give up root for an unprivileged user unless told to stay who they are; the files here belong to the caller.
  const sameUser = ['-u', userInfo().username]
  const drivers = new Map<string, ChildProgram>()
  let server: ChildProgram | undefined
  const fileOf = (ups: string): string => join(dir, `${ups}.${'dev' in (options.upses[ups] ?? {}) ? 'dev' : 'seq'}`)

  const startDriver = async (ups: string): Promise<void> => {
    drivers.set(ups, startChildProgram(DUMMY_UPS_PATH, ['-a', ups, '-F', ...sameUser], env))
    if (server !== undefined) await heardFrom(ups)
  }
  const stopDriver = async (ups: string): Promise<void> => {
    await drivers.get(ups)?.stop()
    drivers.delete(ups)
  }
  const heardFrom = async (ups: string, has = ''): Promise<void> => {
    await waitFor(
      () => `upsd hears from ${ups} (${server?.output()} ${drivers.get(ups)?.output()})`,
      15_000,
      async () => {
        const answer = await listVariables(port, ups).catch(() => '')
        return answer.includes('END LIST VAR') && !answer.includes('"WAIT"') && answer.includes(has) ? true : undefined
      },
    )
  }
  const startServer = async (): Promise<void> => {
    server = startChildProgram(UPSD_PATH, ['-F', ...sameUser], env)
    if (options.awaitsUpses === false) return
    for (const ups of drivers.keys()) await heardFrom(ups)
  }
  const stopServer = async (): Promise<void> => {
    await server?.stop()
    server = undefined
  }
  const stop = async (): Promise<void> => {
    await stopServer()
    for (const ups of [...drivers.keys()]) await stopDriver(ups)
    await rm(dir, { recursive: true, force: true })
  }

  const sections = Object.keys(options.upses).map((ups) => `[${ups}]\n driver = dummy-ups\n port = ${fileOf(ups)}\n pollinterval = 1\n`)
  await writeFile(join(dir, 'ups.conf'), sections.join(''), { mode: 0o600 })
  await writeFile(join(dir, 'upsd.conf'), `LISTEN 127.0.0.1 ${port}\n`, { mode: 0o600 })
  await writeFile(join(dir, 'upsd.users'), '', { mode: 0o600 })
  try {
    for (const [ups, played] of Object.entries(options.upses)) {
      await writeFile(fileOf(ups), 'dev' in played ? played.dev : played.seq)
      await startDriver(ups)
    }
    await startServer()
  } catch (error) {
    await stop()
    throw error
  }

  let playedCount = 0
  return {
    port,
    stopDriver,
    startDriver,
    stopServer,
    startServer,
    stop,
    play: async (ups, dev) => {
      playedCount += 1
      const marker = `ups.id: played-${playedCount}`
      await writeFile(fileOf(ups), `${dev.trimEnd()}\n${marker}\n`)
      // dummy-ups reads the file again when its time stamp, in whole seconds, is another one.
      const changedSeconds = Math.floor(Date.now() / 1000) + playedCount
      await utimes(fileOf(ups), changedSeconds, changedSeconds)
      await heardFrom(ups, `"played-${playedCount}"`)
    },
  }
}

/** `LIST VAR` asked by hand: the driver's own client is what the tests test. */
function listVariables(port: number, ups: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect({ host: '127.0.0.1', port }, () => socket.write(`LIST VAR ${ups}\nLOGOUT\n`))
    socket.setTimeout(2000, () => socket.destroy(new Error('upsd is silent')))
    socket.on('data', (chunk: Buffer) => {
      answer += chunk.toString()
    })
    socket.once('error', reject)
    socket.once('close', () => resolve(answer))
  })
}
