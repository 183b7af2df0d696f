import { createSocket } from 'node:dgram'
import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ChildProgram, startChildProgram, waitFor } from './child-program.ts'
import { freeUdpPort } from './free-port.ts'

/** snmpsim 0.4 (Debian 12) and snmpsim 1.x name the same program differently. */
const SNMPSIM_PATHS = ['/usr/bin/snmpsim-command-responder', '/usr/bin/snmpsimd']
/** What `missingProgram` must find before `startSnmpsim` is called; Debian's package is `snmpsim`. */
export const SNMPSIM_PATH = SNMPSIM_PATHS.find((path) => existsSync(path)) ?? '/usr/bin/snmpsimd'

export interface SnmpsimOptions {
  /** Community (version 3: context name) → the device's objects as `.snmprec` lines, `oid|type|value`, in any order. */
  devices: Record<string, string>
  /** How long it may take to read its files, ms; by default 20 s, enough for tens of devices. */
  startDeadlineMs?: number
  user?: { name: string; authPassword: string; authProtocol: 'SHA' | 'MD5'; privPassword: string; privProtocol: 'AES' | 'DES' }
}

/** Real SNMP agents by snmpsim on one UDP port of 127.0.0.1. */
export interface Snmpsim {
  readonly port: number
  /** Changes a device's objects; the agents are restarted for it. */
  setDevice(community: string, snmprec: string): Promise<void>
  /** Ends the program; `startAgain` puts it back on the same port. */
  goAway(): Promise<void>
  startAgain(): Promise<void>
  /** Ends the program and deletes the files. */
  stop(): Promise<void>
}

/** Starts snmpsim; resolves when the first device answers. */
export async function startSnmpsim(options: SnmpsimOptions): Promise<Snmpsim> {
  const dir = await mkdtemp(join(tmpdir(), 'roomkeeper-snmpsim-'))
  const [dataDir, cacheDir] = [join(dir, 'data'), join(dir, 'cache')]
  await mkdir(dataDir)
  await mkdir(cacheDir)
  // snmpsim refuses to be root and reads its files as another user then.
  for (const path of [dir, dataDir, cacheDir]) await chmod(path, 0o777)
  const port = await freeUdpPort()
  const asNobody = process.getuid?.() === 0 ? ['--process-user=nobody', '--process-group=nogroup'] : []
  const { user } = options
  const asUser = user
    ? [
        `--v3-user=${user.name}`,
        `--v3-auth-key=${user.authPassword}`,
        `--v3-auth-proto=${user.authProtocol}`,
        `--v3-priv-key=${user.privPassword}`,
        `--v3-priv-proto=${user.privProtocol}`,
      ]
    : []
  const writeDevice = (community: string, snmprec: string): Promise<void> =>
    writeFile(join(dataDir, `${community}.snmprec`), sortedByOid(snmprec), { mode: 0o644 })
  const [anyCommunity] = Object.keys(options.devices)
  if (anyCommunity === undefined) throw new Error('startSnmpsim needs a device')

  let program: ChildProgram | undefined
  const startAgain = async (): Promise<void> => {
    const started = startChildProgram(SNMPSIM_PATH, [
      `--data-dir=${dataDir}`,
      `--cache-dir=${cacheDir}`,
      `--agent-udpv4-endpoint=127.0.0.1:${port}`,
      '--force-index-rebuild',
      ...asNobody,
      ...asUser,
    ])
    program = started
    await waitFor('snmpsim answers', options.startDeadlineMs ?? 20_000, async () => {
      if (started.process.exitCode !== null) throw new Error(`snmpsim ended: ${started.output()}`)
      return (await answers(port, anyCommunity)) ? true : undefined
    })
  }
  const goAway = async (): Promise<void> => {
    await program?.stop()
    program = undefined
  }
  const stop = async (): Promise<void> => {
    await goAway()
    await rm(dir, { recursive: true, force: true })
  }
  try {
    for (const [community, snmprec] of Object.entries(options.devices)) await writeDevice(community, snmprec)
    await startAgain()
  } catch (error) {
    await stop()
    throw error
  }
  return {
    port,
    startAgain,
    goAway,
    stop,
    setDevice: async (community, snmprec) => {
      await goAway()
      await writeDevice(community, snmprec)
      await startAgain()
    },
  }
}

/** snmpsim searches its files by halves, so they must be in the order of the OIDs, arc by arc. */
function sortedByOid(snmprec: string): string {
  const lines = snmprec
    .split('\n')
    .map((line) => line.trimStart())
    .filter((line) => line !== '' && !line.startsWith('#'))
  const arcs = (line: string): number[] => (line.split('|')[0] ?? '').split('.').map(Number)
  const sorted = lines
    .map((line) => ({ line, arcs: arcs(line) }))
    .sort((a, b) => {
      const at = a.arcs.findIndex((arc, index) => arc !== b.arcs[index])
      return at === -1 ? a.arcs.length - b.arcs.length : (a.arcs[at] ?? 0) - (b.arcs[at] ?? -1)
    })
  return `${sorted.map(({ line }) => line).join('\n')}\n`
}

/** One version 1 GetRequest for sysDescr.0, its bytes written by hand: the driver's own library is what the tests test. */
function answers(port: number, community: string): Promise<boolean> {
  const name = Buffer.from(community)
  const getSysDescr = Buffer.from('a01902010102010002010030 0e300c06082b060102010101000500'.replace(' ', ''), 'hex')
  const body = Buffer.concat([Buffer.from([0x02, 0x01, 0x00, 0x04, name.length]), name, getSysDescr])
  const socket = createSocket('udp4')
  return new Promise((resolve) => {
    const finish = (answered: boolean): void => {
      clearTimeout(timer)
      socket.close(() => resolve(answered))
    }
    const timer = setTimeout(() => finish(false), 300)
    socket.once('message', () => finish(true))
    socket.send(Buffer.concat([Buffer.from([0x30, body.length]), body]), port, '127.0.0.1')
  })
}
