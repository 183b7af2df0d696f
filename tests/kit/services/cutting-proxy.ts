import { createServer, type IncomingHttpHeaders, request, type Server } from 'node:http'

/** What happens to a request: it goes through, is not taken, is taken while its answer is lost, or gets another answer. */
export type Fate = 'pass' | 'refuse' | 'lose-answer' | { status: number; body: string }

export interface ProxiedRequest {
  method: string
  /** Path and query, decoded. */
  path: string
  body: string
}

/** An HTTP proxy before one server, for what a network does to requests. */
export class CuttingProxy {
  /** Asked for each request; may wait, which holds the request back. */
  fateOf: (request: ProxiedRequest) => Fate | Promise<Fate> = () => 'pass'
  readonly #target: string
  #server: Server | undefined
  #port = 0

  constructor(target: string) {
    this.#target = target
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  async start(): Promise<void> {
    this.#server = createServer((incoming, outgoing) => {
      const chunks: Buffer[] = []
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
      incoming.on('end', () => {
        const body = Buffer.concat(chunks)
        const { method = 'GET', url = '/', headers } = incoming
        const act = async (): Promise<void> => {
          const fate = await this.fateOf({ method, path: decodeURIComponent(url.replaceAll('+', ' ')), body: body.toString() })
          if (fate === 'refuse') incoming.socket.destroy()
          else if (typeof fate === 'object') outgoing.writeHead(fate.status, { 'content-type': 'application/json' }).end(fate.body)
          else {
            const answer = await this.#forward(method, url, headers, body)
            if (fate === 'lose-answer') incoming.socket.destroy()
            else outgoing.writeHead(answer.status, answer.headers).end(answer.body)
          }
        }
        act().catch(() => incoming.socket.destroy())
      })
    })
    await new Promise<void>((resolve) => this.#server?.listen(0, '127.0.0.1', resolve))
    const address = this.#server.address()
    if (address !== null && typeof address === 'object') this.#port = address.port
  }

  async stop(): Promise<void> {
    const server = this.#server
    server?.closeAllConnections()
    await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)))
  }

  #forward(
    method: string,
    url: string,
    headers: IncomingHttpHeaders,
    body: Buffer,
  ): Promise<{ status: number; headers: IncomingHttpHeaders; body: Buffer }> {
    return new Promise((resolve, reject) => {
      const outgoing = request(`${this.#target}${url}`, { method, headers }, (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('error', reject)
        answer.on('end', () => {
          const { 'transfer-encoding': _, ...rest } = answer.headers
          resolve({ status: answer.statusCode ?? 502, headers: rest, body: Buffer.concat(chunks) })
        })
      })
      outgoing.on('error', reject)
      outgoing.end(body)
    })
  }
}
