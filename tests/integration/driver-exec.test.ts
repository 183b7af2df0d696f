import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { DeviceConnection } from '../../agent/src/drivers/driver.ts'
import { execDriver } from '../../agent/src/drivers/exec/index.ts'
import { driverContract } from '../kit/driver-contract.ts'
import { freeTcpPort } from '../kit/services/free-port.ts'
import { missingProgram } from '../kit/services/require-program.ts'

const PLUGINS = '/usr/lib/nagios/plugins'
const missing = missingProgram([`${PLUGINS}/check_load`, `${PLUGINS}/check_tcp`], 'monitoring-plugins-basic')
const NEVER = new AbortController().signal

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'roomkeeper-exec-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function script(name: string, content: string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, `#!/bin/sh\n${content}\n`)
  await chmod(path, 0o755)
  return path
}

function openExec(options: Record<string, unknown>, timeoutMs = 3000): Promise<DeviceConnection> {
  const context = { log: pino({ level: 'silent' }), clock: { nowMs: () => Date.now() }, timeoutMs, wake() {} }
  return execDriver.open(execDriver.options.parse(options), context)
}

describe('driver exec', () => {
  driverContract({
    driver: execDriver,
    async startPeer() {
      const switchFile = join(folder, 'there')
      await writeFile(switchFile, '')
      const command = await script(
        'contract',
        `[ -e '${switchFile}' ] || { echo "UNKNOWN - no answer"; exit 3; }\necho "OK - fine | temp=23.5C rta=1.2ms"`,
      )
      return {
        options: { command },
        goAway: () => rm(switchFile),
        comeBack: () => writeFile(switchFile, ''),
        dispose: async () => undefined,
      }
    },
    unreachable: async () => ({
      options: { command: await script('unknown', 'echo "UNKNOWN - nobody there"; exit 3') },
      dispose: async () => undefined,
    }),
    silent: async () => ({ options: { command: await script('hangs', 'sleep 60') }, dispose: async () => undefined }),
    invalidOptions: [
      { options: {}, key: 'command' },
      { options: { command: 'check_load' }, key: 'command' },
      { options: { command: '/x', args: 'a b' }, key: 'args' },
      { options: { command: '/x', state: 'temperature' }, key: 'state' },
      { options: { command: '/x', env: { 'A B': 'c' } }, key: 'env.A B' },
      { options: { command: '/x', shell: true }, key: 'shell' },
    ],
  })

  it('kills what the plugin started, too, when it takes too long', async () => {
    const pidFile = join(folder, 'pid')
    const command = await script('family', `sleep 60 &\necho $! > '${pidFile}'\nwait`)
    const connection = await openExec({ command }, 500)
    await expect(connection.read(NEVER)).rejects.toMatchObject({ kind: 'unreachable', message: expect.stringContaining('500 ms') })
    const grandchild = Number(await readFile(pidFile, 'utf8'))
    await vi.waitFor(async () => expect(await isRunning(grandchild)).toBe(false), 20_000)
  })

  it('passes arguments as they are, and neither a shell nor the agent’s secrets', async () => {
    vi.stubEnv('ROOMKEEPER_AGENT_MQTT_PASSWORD', 'secret')
    const command = await script('shows', `echo "OK - $1 [$ROOMKEEPER_AGENT_MQTT_PASSWORD] [$EXTRA]"`)
    const connection = await openExec({ command, args: ['$(touch /nowhere); a | b'], env: { EXTRA: 'e' } })
    const state = (await connection.read(NEVER)).find(({ key }) => key === 'check.state')
    vi.unstubAllEnvs()
    expect(state?.value).toBe('OK: OK - $(touch /nowhere); a')
    const without = await openExec({ command, args: ['x'], env: { EXTRA: 'e' } })
    expect((await without.read(NEVER)).find(({ key }) => key === 'check.state')?.value).toBe('OK: OK - x [] [e]')
  })

  it.each([
    ['a code that is no state', 'exit 42', 'garbage'],
    ['output without end', 'yes', 'garbage'],
    ['death by a signal', 'kill -9 $$', 'unreachable'],
  ])('%s', async (_name, content, kind) => {
    const connection = await openExec({ command: await script('wrong', content) })
    await expect(connection.read(NEVER)).rejects.toMatchObject({ kind })
  })

  it('says that a program is not there, or may not be run', async () => {
    await expect((await openExec({ command: join(folder, 'nothing') })).read(NEVER)).rejects.toMatchObject({
      kind: 'configuration',
      message: /ENOENT/,
    })
    const path = join(folder, 'plain')
    await writeFile(path, 'text')
    await expect((await openExec({ command: path })).read(NEVER)).rejects.toMatchObject({ kind: 'configuration', message: /EACCES/ })
  })

  describe.skipIf(missing !== undefined)(`plugins of monitoring-plugins${missing === undefined ? '' : ` (${missing})`}`, () => {
    it('check_load: three loads', async () => {
      const connection = await openExec({ command: `${PLUGINS}/check_load`, args: ['-w', '1000,1000,1000', '-c', '2000,2000,2000'] })
      const readings = await connection.read(NEVER)
      expect(readings.map(({ key }) => key)).toEqual(['check', 'check.state', 'load1', 'load5', 'load15'])
      expect(readings[0]?.value).toBe(false)
      for (const { value } of readings.slice(2)) expect(value).toEqual(expect.any(Number))
    })

    it('check_tcp: CRITICAL where nobody listens', async () => {
      const connection = await openExec({ command: `${PLUGINS}/check_tcp`, args: ['-H', '127.0.0.1', '-p', String(await freeTcpPort())] })
      const readings = await connection.read(NEVER)
      expect(readings.find(({ key }) => key === 'check')?.value).toBe(true)
    })
  })
})

/** Also a zombie that nobody has waited for is not running any more. */
async function isRunning(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  return status !== undefined && !/\) Z /.test(status)
}
