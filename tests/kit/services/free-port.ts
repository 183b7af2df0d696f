import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'

/**
 * Below the ports that the system gives to connections and to whoever asks for any (32768 and up): what is free here stays free until the
 * program that is to listen has started. Each process of tests begins at a place of its own.
 */
const FIRST = 12_000
const COUNT = 20_000
const PORTS_OF_ONE_PROCESS = 61
let next = process.pid * PORTS_OF_ONE_PROCESS

/** A TCP port of 127.0.0.1 nobody listens on at this moment. */
export const freeTcpPort = (): Promise<number> => firstFree(isTcpFree)

/** A UDP port of 127.0.0.1 nobody is bound to at this moment. */
export const freeUdpPort = (): Promise<number> => firstFree(isUdpFree)

async function firstFree(isFree: (port: number) => Promise<boolean>): Promise<number> {
  for (let tries = 0; tries < COUNT; tries++) {
    const port = FIRST + (next++ % COUNT)
    if (await isFree(port)) return port
  }
  throw new Error(`no port is free from ${FIRST} to ${FIRST + COUNT - 1}`)
}

function isTcpFree(port: number): Promise<boolean> {
  const server = createServer()
  return new Promise((resolve) => {
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}

function isUdpFree(port: number): Promise<boolean> {
  const socket = createSocket('udp4')
  return new Promise((resolve) => {
    socket.once('error', () => resolve(false))
    socket.bind(port, '127.0.0.1', () => socket.close(() => resolve(true)))
  })
}
