import { connect } from 'node:net'
import { readLines, tailLineSchema, tailSocketPath } from './tail-protocol.ts'
import { Traffic, type TrafficItem } from './traffic.ts'
import { trafficLine } from './traffic-text.ts'

export interface TailOptions {
  site?: string
  node?: string
  device?: string
  point?: string
  json?: boolean
  births?: boolean
  rebirth?: boolean
}

/** The first line names every point of every agent, 100 characters each. */
const MAX_LINE_LENGTH = 64 * 1024 * 1024

/**
 * Prints what the running server hears until it is interrupted, or its reader is gone (`| head`). Exit codes: 0 ended as asked, 1 the server
 * does not run here, or ended.
 */
export function tailCommand(dataDir: string, options: TailOptions): Promise<number> {
  const path = tailSocketPath(dataDir)
  const traffic = new Traffic(options.births === true)
  return new Promise((resolve) => {
    const socket = connect(path)
    let isAsked = false
    const finish = (code: number): void => {
      isAsked = true
      socket.destroy()
      resolve(code)
    }
    process.once('SIGINT', () => finish(0))
    process.once('SIGTERM', () => finish(0))
    process.stdout.on('error', () => finish(0))
    socket.once('connect', () => {
      if (options.rebirth) socket.write(`${JSON.stringify({ rebirth: { site: options.site, node: options.node } })}\n`)
    })
    socket.once('error', (error: NodeJS.ErrnoException) => {
      console.error(reasonText(error, path))
      finish(1)
    })
    socket.once('close', () => {
      if (isAsked) return
      console.error('服务器已停止 · the server ended')
      finish(1)
    })
    readLines(socket, MAX_LINE_LENGTH, (line) => {
      if (isAsked) return
      const parsed = tailLineSchema.parse(JSON.parse(line))
      if ('points' in parsed) traffic.know(parsed.points)
      else if ('leftOut' in parsed) console.error(`… 太快，略过 ${parsed.leftOut} 条消息 · messages left out`)
      else
        for (const item of traffic.items(parsed.topic, Buffer.from(parsed.payload, 'base64'), parsed.atMs))
          if (isWanted(item, options)) print(item, options)
    })
  })
}

function isWanted(item: TrafficItem, { site, node, device, point }: TailOptions): boolean {
  const fits = (wanted: string | undefined, value: string | undefined): boolean => wanted === undefined || wanted === value
  return fits(site, item.site) && fits(node, item.node) && fits(device, item.device) && fits(point, item.point)
}

function print(item: TrafficItem, { json }: TailOptions): void {
  process.stdout.write(`${json ? JSON.stringify(item) : trafficLine(item, Date.now(), process.stdout.isTTY && !process.env.NO_COLOR)}\n`)
}

function reasonText({ code, message }: NodeJS.ErrnoException, path: string): string {
  if (code === 'ENOENT' || code === 'ECONNREFUSED')
    return `服务器没有在此运行（${path}）。请在服务器的机器上、用同样的设置运行 · The server does not run here; run this on its machine with its settings (ROOMKEEPER_DATA_DIR)`
  if (code === 'EACCES') return `没有权限打开 ${path}，请用服务器的用户或 root 运行 · Not permitted: run it as the server's user or as root`
  return `${path}: ${message}`
}
