import { createServer, type Socket } from 'node:net'

/** Many Modbus TCP devices on one port whose registers are computed when they are read: load with known values. */
export interface ModbusPeer {
  readonly port: number
  stop(): Promise<void>
}

const REQUEST_BYTES = 12

/** Answers FC03 and FC04 for every unit; `register` gives 0–65535. Everything else is answered with "illegal function". */
export async function startModbusPeer(register: (unitId: number, address: number) => number): Promise<ModbusPeer> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.setNoDelay(true)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
    let pending = Buffer.alloc(0)
    socket.on('data', (chunk) => {
      pending = Buffer.concat([pending, chunk])
      while (pending.length >= REQUEST_BYTES) {
        socket.write(answer(pending.subarray(0, REQUEST_BYTES), register))
        pending = pending.subarray(REQUEST_BYTES)
      }
    })
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no TCP port')
  return {
    port: address.port,
    stop: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function answer(request: Buffer, register: (unitId: number, address: number) => number): Buffer {
  const unitId = request.readUInt8(6)
  const functionCode = request.readUInt8(7)
  const isRead = functionCode === 3 || functionCode === 4
  const [first, count] = [request.readUInt16BE(8), request.readUInt16BE(10)]
  const body = Buffer.alloc(isRead ? 3 + count * 2 : 3)
  body.writeUInt8(unitId, 0)
  body.writeUInt8(isRead ? functionCode : functionCode | 0x80, 1)
  body.writeUInt8(isRead ? count * 2 : 1, 2)
  if (isRead) for (let i = 0; i < count; i++) body.writeUInt16BE(register(unitId, first + i), 3 + i * 2)
  const header = Buffer.alloc(6)
  request.copy(header, 0, 0, 2)
  header.writeUInt16BE(body.length, 4)
  return Buffer.concat([header, body])
}
