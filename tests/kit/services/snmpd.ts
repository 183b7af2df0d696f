import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ChildProgram, startChildProgram, waitFor } from './child-program.ts'
import { freeUdpPort } from './free-port.ts'

export const SNMPD_PATH = '/usr/sbin/snmpd'

/** Net-SNMP's own agent on 127.0.0.1, read with the community `public`. */
export interface Snmpd {
  readonly port: number
  /** What the objects answer from now on: `type value` by OID below `base`, as snmpd's `pass` has them (`integer 5`). */
  setObjects(objects: Readonly<Record<string, string>>): Promise<void>
  /** Ends it and starts another one on the same port and objects: a card that was exchanged, or restarted with its memory lost. */
  replace(engineId: string): Promise<void>
  stop(): Promise<void>
}

/** Version 3 of both agents: `reader`, SHA and AES. */
export const SNMPD_USER = { name: 'reader', authPassword: 'auth-secret', privPassword: 'priv-secret' }

/** Starts snmpd with one subtree that a script answers from a file. */
export async function startSnmpd(
  base: string,
  objects: Readonly<Record<string, string>>,
  engineId = '0x80001f8803000000000001',
): Promise<Snmpd> {
  const dir = await mkdtemp(join(tmpdir(), 'roomkeeper-snmpd-'))
  const port = await freeUdpPort()
  const [objectsFile, script, config] = [join(dir, 'objects'), join(dir, 'answer.sh'), join(dir, 'snmpd.conf')]
  const setObjects = (content: Readonly<Record<string, string>>): Promise<void> =>
    writeFile(
      objectsFile,
      Object.entries(content)
        .map(([oid, value]) => `.${oid} ${value}\n`)
        .join(''),
    )
  await setObjects(objects)
  // `pass` asks `-g OID` for an object and `-n OID` for the one after it; the file has them in order.
  await writeFile(
    script,
    `#!/bin/sh
awk -v how="$1" -v oid="$2" '
  how == "-g" && $1 == oid { print $1; print $2; print $3; exit }
  how == "-n" && (found || index(oid ".", $1 ".") != 1 && after($1, oid)) { print $1; print $2; print $3; exit }
  function after(a, b,   x, y, n, m, i) {
    n = split(a, x, "."); m = split(b, y, ".")
    for (i = 1; i <= n && i <= m; i++) if (x[i] + 0 != y[i] + 0) return x[i] + 0 > y[i] + 0
    return n > m
  }' "${objectsFile}"
`,
    { mode: 0o755 },
  )
  let program: ChildProgram | undefined
  const start = async (engine: string): Promise<void> => {
    const { name, authPassword, privPassword } = SNMPD_USER
    const user = [`createUser ${name} SHA ${authPassword} AES ${privPassword}`, `rouser ${name} priv`]
    const lines = [
      'rocommunity public 127.0.0.1',
      `exactEngineID ${engine}`,
      ...user,
      'sysObjectID .1.3.6.1.4.1.99999.7',
      `pass .${base} ${script}`,
    ]
    await writeFile(config, `${lines.join('\n')}\n`)
    // Keys and boots of an earlier engine are of no use to this one.
    await rm(join(dir, 'snmpd.conf.persistent'), { recursive: true, force: true })
    const started = startChildProgram(SNMPD_PATH, ['-f', '-Lo', '-C', '-c', config, `udp:127.0.0.1:${port}`], {
      SNMP_PERSISTENT_DIR: join(dir, 'snmpd.conf.persistent'),
    })
    program = started
    await waitFor('snmpd answers', 30_000, async () => {
      if (started.process.exitCode !== null) throw new Error(`snmpd ended: ${started.output()}`)
      return started.output().includes('NET-SNMP version') ? true : undefined
    })
  }
  await start(engineId)
  return {
    port,
    setObjects,
    async replace(engine) {
      await program?.stop()
      await start(engine)
    },
    async stop() {
      await program?.stop()
      await rm(dir, { recursive: true, force: true })
    },
  }
}
