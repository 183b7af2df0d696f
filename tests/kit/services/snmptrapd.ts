import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startChildProgram, waitFor } from './child-program.ts'
import { freeUdpPort } from './free-port.ts'

export const SNMPTRAPD_PATH = '/usr/sbin/snmptrapd'

/** Objects of one notification by OID. Octet strings are decoded as UTF-8; other types are as snmptrapd writes them. */
export type ReceivedNotification = ReadonlyMap<string, string>

export interface Snmptrapd {
  readonly port: number
  received(): readonly ReceivedNotification[]
  stop(): Promise<void>
}

/** Net-SNMP's trap receiver on 127.0.0.1. `config`: its authCommunity, createUser and authUser lines. */
export async function startSnmptrapd(config: readonly string[]): Promise<Snmptrapd> {
  const dir = await mkdtemp(join(tmpdir(), 'roomkeeper-snmptrapd-'))
  const port = await freeUdpPort()
  const configFile = join(dir, 'snmptrapd.conf')
  const notifications: ReceivedNotification[] = []
  await writeFile(configFile, [...config, 'format2 NOTICE\\t%v\\tEND\\n', ''].join('\n'), { mode: 0o600 })
  const program = startChildProgram(
    SNMPTRAPD_PATH,
    ['-f', '-Lo', '-C', '-c', configFile, '-m', '', '-On', '-Ox', '-OU', `udp:127.0.0.1:${port}`],
    { SNMP_PERSISTENT_DIR: dir },
  )
  let pending = ''
  program.process.stdout?.on('data', (chunk: Buffer) => {
    // Bytes in hexadecimal are broken into lines of 16, so a notification ends with a mark of its own.
    const parts = (pending + chunk.toString()).split('\tEND\n')
    pending = parts.pop() ?? ''
    for (const part of parts) notifications.push(parse(part.slice(part.lastIndexOf('NOTICE\t'))))
  })
  await waitFor('snmptrapd listens', 30_000, async () => {
    if (program.process.exitCode !== null) throw new Error(`snmptrapd ended: ${program.output()}`)
    return program.output().includes('NET-SNMP version') ? true : undefined
  })
  return {
    port,
    received: () => [...notifications],
    async stop() {
      await program.stop()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

function parse(text: string): ReceivedNotification {
  const entries = text
    .split('\t')
    .slice(1)
    .map((varbind): [string, string] => {
      const [oid = '', value = ''] = varbind.trim().split(' = ')
      const hex = /^Hex-STRING: ([0-9A-F\s]*)$/.exec(value)?.[1]
      return [oid.replace(/^\./, ''), hex === undefined ? value : Buffer.from(hex.replaceAll(/\s/g, ''), 'hex').toString('utf8')]
    })
  return new Map(entries)
}
