import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import { describe, expect, it } from 'vitest'
import { channelContract } from '../../../../../tests/kit/channel-contract.ts'
import { silentListener, unusedPort } from '../../../../../tests/kit/driver-contract.ts'
import { signatureHeaders, signatureProblem } from '../signed-post.ts'
import { watcherChannel } from './index.ts'

const SECRET = 'a watcher secret of 30 letters'
const NOBODY = { name: '', address: '' }
const settingsFor = (port: number): Record<string, unknown> => ({
  url: `http://127.0.0.1:${port}/heartbeat`,
  secret: SECRET,
  allowedNetworks: ['127.0.0.1'],
})

/** What the watchdog does, without a watchdog: keeps what is signed rightly. */
async function startReceiver(answer?: (response: ServerResponse) => void) {
  const bodies: string[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk
    })
    request.once('end', () => {
      const problem = signatureProblem(SECRET, request.headers as IncomingHttpHeaders & Record<string, string>, body, Date.now())
      if (problem !== undefined) return response.writeHead(401).end(problem)
      bodies.push(body)
      if (answer) return answer(response)
      return response.end(`heard, not ${SECRET}`)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no TCP port')
  const dispose = async (): Promise<void> => {
    server.closeAllConnections()
    await new Promise<void>((resolve) => server.close(() => resolve()))
  }
  return { port: address.port, bodies, dispose }
}

describe('watcher', () => {
  channelContract({
    channel: watcherChannel,
    startPeer: async () => {
      const { port, bodies, dispose } = await startReceiver()
      return {
        settings: settingsFor(port),
        recipient: NOBODY,
        received: async () =>
          bodies.map((body) => JSON.parse(body) as { title: string; text: string }).map(({ title, text }) => `${title}\n${text}`),
        dispose,
      }
    },
    unreachable: async () => ({
      settings: (await unusedPort('tcp', settingsFor)).options,
      recipient: NOBODY,
      dispose: async () => undefined,
    }),
    silent: async () => {
      const listener = await silentListener('tcp', settingsFor)
      return { settings: listener.options, recipient: NOBODY, dispose: listener.dispose }
    },
    refusing: async () => {
      const { port, dispose } = await startReceiver()
      return { settings: { ...settingsFor(port), secret: 'another secret of this length' }, recipient: NOBODY, dispose }
    },
    wrongRecipient: { notApplicable: 'a watcher is a program, not a person' },
    invalidSettings: [
      { settings: { ...settingsFor(1), url: 'ftp://10.0.0.1/' }, key: 'url' },
      { settings: { ...settingsFor(1), url: 'http://user:pass@10.0.0.1/' }, key: 'url' },
      { settings: { ...settingsFor(1), secret: 'short-secret' }, key: 'secret' },
      { settings: { ...settingsFor(1), allowedNetworks: ['everywhere'] }, key: 'allowedNetworks.0' },
    ],
    invalidAddresses: [],
  })

  it('carries heartbeats only', () => {
    expect(watcherChannel).toMatchObject({ carries: 'heartbeat', address: null })
  })
})

describe('the check of a signature', () => {
  const nowMs = 1_790_000_000_000
  const headers = signatureHeaders(SECRET, 'n.1', nowMs, 'body')

  it('takes what is right, also among others', () => {
    expect(signatureProblem(SECRET, headers, 'body', nowMs + 299_000)).toBeUndefined()
    const several = { ...headers, 'webhook-signature': `v1,AAAA ${headers['webhook-signature']}` }
    expect(signatureProblem(SECRET, several, Buffer.from('body'), nowMs)).toBeUndefined()
  })

  it.each([
    ['another body', headers, 'bodY', nowMs, 'wrong-signature'],
    ['another id', { ...headers, 'webhook-id': 'other' }, 'body', nowMs, 'wrong-signature'],
    ['another time', { ...headers, 'webhook-timestamp': '1790000001' }, 'body', nowMs, 'wrong-signature'],
    ['no signature', { ...headers, 'webhook-signature': undefined }, 'body', nowMs, 'unsigned'],
    ['a replay', headers, 'body', nowMs + 301_000, 'wrong-time'],
    ['a clock that is behind', headers, 'body', nowMs - 301_000, 'wrong-time'],
  ] as const)('refuses %s', (_what, given, body, atMs, problem) => {
    expect(signatureProblem(SECRET, given, body, atMs)).toBe(problem)
  })
})
