import { type AddressInfo, createServer, connect as openSocket, type Socket } from 'node:net'
import { generate, type IConnectPacket, type IPublishPacket, type Packet, parser } from 'mqtt-packet'

/** One packet as it passed, in the order of passing. */
export interface PassedPacket {
  from: 'client' | 'broker'
  packet: Packet
  atMs: number
}

/** One connection of a client, from its first byte to its last. */
export interface RecordedConnection {
  connect: IConnectPacket | undefined
  packets: PassedPacket[]
  isOpen: boolean
}

/** Stands between a client and a broker and writes down every MQTT packet. */
export interface MqttRecorder {
  readonly port: number
  readonly connections: readonly RecordedConnection[]
  /** The next PUBLISH of the client that fits is lost on the way. */
  loseNext(fits: (packet: IPublishPacket) => boolean): void
  /** Cuts all connections without a DISCONNECT, as a pulled cable would. */
  cut(): void
  close(): Promise<void>
}

/** Listens on a free port of 127.0.0.1 and passes everything on to the broker's port. */
export async function startMqttRecorder(brokerPort: number): Promise<MqttRecorder> {
  const connections: RecordedConnection[] = []
  const sockets = new Set<Socket>()
  let toLose: ((packet: IPublishPacket) => boolean) | undefined

  const server = createServer((client) => {
    const broker = openSocket(brokerPort, '127.0.0.1')
    const connection: RecordedConnection = { connect: undefined, packets: [], isOpen: true }
    connections.push(connection)
    const pass = (from: 'client' | 'broker', source: Socket, target: Socket): void => {
      sockets.add(source)
      const packets = parser({ protocolVersion: 4 })
      packets.on('packet', (packet: Packet) => {
        connection.packets.push({ from, packet, atMs: Date.now() })
        if (packet.cmd === 'connect') connection.connect = packet
        if (from === 'client' && packet.cmd === 'publish' && toLose?.(packet)) {
          toLose = undefined
          return
        }
        if (target.writable) target.write(generate(packet))
      })
      packets.on('error', (error: Error) => source.destroy(error))
      source.setNoDelay(true)
      source.on('data', (bytes) => void packets.parse(bytes))
      source.on('error', () => target.destroy())
      source.on('close', () => {
        connection.isOpen = false
        sockets.delete(source)
        // A client that vanishes takes no leave of the broker either.
        if (from === 'client') target.destroy()
        else target.end()
      })
    }
    pass('client', client, broker)
    pass('broker', broker, client)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    connections,
    loseNext: (fits) => {
      toLose = fits
    },
    cut: () => {
      for (const socket of sockets) socket.destroy()
    },
    close: () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
}
