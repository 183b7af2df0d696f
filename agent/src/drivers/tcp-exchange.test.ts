import { createServer, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { type AnswerParser, TcpExchange } from './tcp-exchange.ts'

const line: AnswerParser<string> = (received) => (received.includes('\n') ? { answer: received.toString().trim() } : undefined)
const closers: (() => void)[] = []

async function peer(onConnection: (socket: Socket, count: number) => void, timeoutMs = 400): Promise<TcpExchange> {
  let count = 0
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    closers.push(() => socket.destroy())
    onConnection(socket, ++count)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const exchange = new TcpExchange({ host: '127.0.0.1', port: address.port, timeoutMs, maxAnswerBytes: 100 })
  closers.push(
    () => exchange.close(),
    () => server.close(),
  )
  return exchange
}

describe('TcpExchange', () => {
  afterEach(() => {
    for (const close of closers.splice(0)) close()
  })

  it('sends one request after the other over one connection', async () => {
    let connections = 0
    const exchange = await peer((socket, count) => {
      connections = count
      socket.on('data', (data) => socket.write(`${data.toString().trim()}!\n`))
    })
    const asked = ['a', 'b', 'c'].map((text) => exchange.request(Buffer.from(`${text}\n`), line))
    expect(await Promise.all(asked)).toEqual(['a!', 'b!', 'c!'])
    expect(connections).toBe(1)
  })

  it('tries once more when the kept connection turns out to be gone', async () => {
    const exchange = await peer((socket, count) => {
      socket.once('data', () => {
        socket.write(`answer ${count}\n`)
        // The second request meets a connection that is closed as it arrives.
        socket.once('data', () => socket.destroy())
      })
    })
    expect(await exchange.request(Buffer.from('x\n'), line)).toBe('answer 1')
    expect(await exchange.request(Buffer.from('x\n'), line)).toBe('answer 2')
  })

  it('does not try for ever when every connection is closed without an answer', async () => {
    let connections = 0
    const exchange = await peer((socket, count) => {
      connections = count
      socket.once('data', () => socket.destroy())
    })
    await expect(exchange.request(Buffer.from('x\n'), line)).rejects.toMatchObject({ kind: 'unreachable' })
    expect(connections).toBe(1)
  })

  it('never takes a late answer for that to the next request', async () => {
    const exchange = await peer((socket, count) => {
      socket.on('data', () => setTimeout(() => socket.destroyed || socket.write(`answer ${count}\n`), count === 1 ? 250 : 0))
    }, 150)
    await expect(exchange.request(Buffer.from('x\n'), line)).rejects.toMatchObject({ kind: 'unreachable' })
    expect(await exchange.request(Buffer.from('x\n'), line)).toBe('answer 2')
  })

  it('stops at more bytes than an answer can have', async () => {
    const exchange = await peer((socket) => socket.write('x'.repeat(500)))
    await expect(exchange.request(Buffer.from('x\n'), line)).rejects.toMatchObject({ kind: 'garbage' })
  })
})
