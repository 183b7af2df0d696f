import { createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseAgentConfig } from '../../agent/src/config/index.ts'
import { discoverCommand } from '../../agent/src/discovery/discover-command.ts'
import { readCommand } from '../../agent/src/discovery/read-command.ts'
import { DRIVERS } from '../../agent/src/drivers/index.ts'
import { type SerialLine, SOCAT_PATH, startSerialLine } from '../kit/services/modbus-serial-line.ts'
import { type Pymodbus, startPymodbus } from '../kit/services/pymodbus.ts'
import { missingProgram, missingPythonModule } from '../kit/services/require-program.ts'

const missing =
  missingPythonModule('pymodbus', 'python3-pymodbus') ??
  missingPythonModule('serial_asyncio', 'python3-serial-asyncio') ??
  missingProgram([SOCAT_PATH], 'socat')

async function run(command: typeof discoverCommand | typeof readCommand, url: string) {
  const [results, messages]: [string[], string[]] = [[], []]
  const output = { result: (line: string) => results.push(line), message: (line: string) => messages.push(line) }
  const status = await command(url, { timeoutMs: 800 }, {}, output)
  return { status, results: results.join('\n'), messages: messages.join('\n') }
}

/** The printed blocks as they are pasted into agent.yaml. */
function devicesOf(printed: string) {
  const config = parseAgentConfig(`site: s\nnode: n\nmqtt: { url: mqtt://broker }\ndataDir: data\ndevices:\n${printed}\n`, {
    path: 'agent.yaml',
    env: {},
    drivers: DRIVERS,
  })
  expect(config.invalidDevices).toEqual([])
  return config.devices
}

/** A XY-MD02, and a device that no profile knows. */
async function fill(peer: Pymodbus, unitId: number, strangerId: number): Promise<Pymodbus> {
  await peer.set('input', 1, [235, 456], unitId)
  await peer.set('holding', 0x0101, [unitId], unitId)
  await peer.set('holding', 0, [7], strangerId)
  return peer
}

describe.skipIf(missing !== undefined)(`discovering Modbus devices${missing === undefined ? '' : ` (${missing})`}`, () => {
  let line: SerialLine
  let serial: Pymodbus
  let serialServer: Pymodbus
  let gateway: Pymodbus
  beforeAll(async () => {
    line = await startSerialLine()
    serial = await fill(await startPymodbus({ transport: 'rtu', path: line.devicePath, unitIds: [3, 6] }), 3, 6)
    serialServer = await fill(await startPymodbus({ transport: 'rtu-over-tcp', unitIds: [2, 4] }), 2, 4)
    gateway = await fill(await startPymodbus({ transport: 'tcp', unitIds: [1, 9] }), 9, 1)
  })
  afterAll(async () => {
    for (const peer of [serial, serialServer, gateway]) await peer?.stop()
    await line?.stop()
  })

  it('a serial line: every unit that answers, its profile, a block with present values, and what to do about the others', async () => {
    const { status, results, messages } = await run(discoverCommand, `rtu://${line.agentPath}?units=1-8`)
    expect(status).toBe(0)
    expect(results).toMatch(/unit 3 answers: Contoso TH-1 2\.0/)
    expect(results).toMatch(/unit 3: profile xy-md02/)
    expect(results).toContain('unit 6 answers')
    expect(results).not.toMatch(/unit [124578] /)
    expect(results).toMatch(/# +temperature.*23\.5 ℃/)
    expect(messages).toMatch(/units 1–8/)
    expect(messages).toMatch(/--map/)
    expect(devicesOf(results)).toMatchObject([
      {
        driver: 'modbus',
        options: { transport: 'rtu', path: line.agentPath, baudRate: 9600, unitId: 3, profile: 'xy-md02' },
      },
    ])
  })

  it('a serial server, and a gateway with the number of the unit', async () => {
    const behind = await run(discoverCommand, `rtu+tcp://127.0.0.1:${serialServer.port}?units=2`)
    expect(devicesOf(behind.results)).toMatchObject([{ options: { transport: 'rtu-over-tcp', unitId: 2, profile: 'xy-md02' } }])
    const tcp = await run(discoverCommand, `modbus://127.0.0.1:${gateway.port}/9`)
    expect(devicesOf(tcp.results)).toMatchObject([{ options: { transport: 'tcp', unitId: 9, profile: 'xy-md02' } }])
  })

  it('read finds the profile by itself, or is told it', async () => {
    const found = await run(readCommand, `modbus://127.0.0.1:${gateway.port}/9`)
    expect(found).toMatchObject({ status: 0, messages: '' })
    expect(found.results).toMatch(/XY-MD02\n.*\n?/)
    expect(found.results).toMatch(/humidity .*45\.6 %/)
    const told = await run(readCommand, `rtu://${line.agentPath}?unitId=3&profile=xy-md02`)
    expect(told.results).toMatch(/temperature .*23\.5 ℃/)
    const unknown = await run(readCommand, `modbus://127.0.0.1:${gateway.port}/1`)
    expect([unknown.status, unknown.messages]).toEqual([2, expect.stringContaining('--map')])
    const wrong = await run(readCommand, `modbus://127.0.0.1:${gateway.port}/9?profile=xy-md99`)
    expect([wrong.status, wrong.messages]).toEqual([1, expect.stringMatching(/no "xy-md99".*xy-md02/)])
  })

  it('says so when nobody answers', async () => {
    const { status, results, messages } = await run(discoverCommand, `rtu://${line.agentPath}?unitId=200`)
    expect([status, results]).toEqual([1, ''])
    expect(messages).toMatch(/^unreachable: .*no answer of unit 200/)
    const port = await run(discoverCommand, 'rtu:///dev/roomkeeper-no-such-port?unitId=1')
    expect([port.status, port.messages]).toEqual([1, expect.stringMatching(/^unreachable: /)])
  })
})

describe('discovering a Modbus device that nobody knows', () => {
  it('reads little, and writes nothing', async () => {
    const asked: Buffer[] = []
    const server = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.on('data', (frame) => {
        const pdu = frame.subarray(7)
        asked.push(Buffer.from(pdu))
        const answer = Buffer.concat([frame.subarray(0, 7), Buffer.from([(pdu[0] ?? 0) | 0x80, 2])])
        answer.writeUInt16BE(3, 4)
        socket.write(answer)
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('no TCP port')
    const { status, messages } = await run(discoverCommand, `modbus://127.0.0.1:${address.port}/5`)
    server.close()
    expect([status, messages]).toEqual([1, expect.stringContaining('--map')])
    expect(new Set(asked.map((pdu) => pdu[0]))).toEqual(new Set([3, 4, 43]))
    expect(asked.length).toBeLessThan(40)
  })
})
