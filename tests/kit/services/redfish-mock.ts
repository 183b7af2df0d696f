import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import { freeTcpPort } from './free-port.ts'
import { makeCertificates, type TestCertificates } from './tls-front.ts'

export const REDFISH_USER = { username: 'reader', password: 'bmc-secret' }
const SESSIONS = '/redfish/v1/SessionService/Sessions'

/** The resources of a service by their path; a collection has only links in `Members`. */
export type RedfishTree = Map<string, Record<string, unknown>>

/**
 * A mock of a Redfish service, written from DSP0266: no simulator of anyone else is in Debian or npm. It answers what `tree` holds, over
 * HTTPS, knows Basic authentication, sessions and `$expand`, and can be told to fail.
 */
export interface RedfishMock {
  readonly port: number
  readonly certificates: TestCertificates
  readonly tree: RedfishTree
  /** `GET /path?query` as they came. */
  readonly requests: string[]
  /** Paths that are answered with this status instead. */
  readonly failing: Map<string, number>
  /** Paths that are answered with a redirect there. */
  readonly redirects: Map<string, string>
  /** Paths that are never answered. */
  readonly hanging: Set<string>
  /** Tokens of the open sessions. */
  readonly sessions: Map<string, string>
  /** Most requests under way at once. */
  readonly mostAtOnce: () => number
  goAway(): Promise<void>
  startAgain(): Promise<void>
  dispose(): Promise<void>
}

export async function startRedfishMock(tree: RedfishTree, { canExpand = false }: { canExpand?: boolean } = {}): Promise<RedfishMock> {
  const certificates = makeCertificates()
  const port = await freeTcpPort()
  const requests: string[] = []
  const failing = new Map<string, number>()
  const redirects = new Map<string, string>()
  const hanging = new Set<string>()
  const sessions = new Map<string, string>()
  let underWay = 0
  let most = 0
  let server: Server | undefined

  const isKnown = ({ headers }: IncomingMessage): boolean => {
    const basic = Buffer.from(`${REDFISH_USER.username}:${REDFISH_USER.password}`).toString('base64')
    const token = headers['x-auth-token']
    return headers.authorization === `Basic ${basic}` || (typeof token === 'string' && sessions.has(token))
  }
  const answer = (request: IncomingMessage, response: ServerResponse, body: string): unknown => {
    const url = new URL(request.url ?? '/', 'https://mock')
    const send = (status: number, json: unknown, headers: Record<string, string> = {}): ServerResponse =>
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(json))
    const refuse = (status: number, message: string): ServerResponse =>
      send(status, { error: { code: 'Base.1.0.GeneralError', message, '@Message.ExtendedInfo': [{ Message: message }] } })
    const status = failing.get(url.pathname)
    if (hanging.has(url.pathname)) return undefined
    if (status !== undefined) return refuse(status, 'told to fail')
    if (request.method === 'POST' && url.pathname === SESSIONS) {
      const { UserName, Password } = JSON.parse(body) as Record<string, unknown>
      if (UserName !== REDFISH_USER.username || Password !== REDFISH_USER.password) return refuse(401, 'The credentials are wrong.')
      const token = `token-${requests.length}`
      const path = `${SESSIONS}/${requests.length}`
      sessions.set(token, path)
      return send(201, { '@odata.id': path }, { 'x-auth-token': token, location: path })
    }
    // The root is for everyone (DSP0266, 13.3.3).
    if (!isKnown(request) && url.pathname !== '/redfish/v1/') return refuse(401, 'Log in first.')
    if (request.method === 'DELETE') {
      for (const [token, path] of sessions) if (path === url.pathname) sessions.delete(token)
      return response.writeHead(204).end()
    }
    const location = redirects.get(url.pathname)
    if (location !== undefined) return send(308, {}, { location })
    const resource = tree.get(url.pathname)
    if (resource === undefined) return refuse(404, 'No such resource.')
    const isExpanded = canExpand && url.searchParams.has('$expand') && Array.isArray(resource.Members)
    return send(200, isExpanded ? { ...resource, Members: expanded(resource, tree) } : resource)
  }
  const startAgain = async (): Promise<void> => {
    const options = { key: readFileSync(certificates.keyFile), cert: readFileSync(certificates.certFile) }
    const started = createServer(options, (request, response) => {
      requests.push(`${request.method} ${request.url}`)
      underWay++
      most = Math.max(most, underWay)
      response.once('close', () => underWay--)
      let body = ''
      request.setEncoding('utf8').on('data', (text: string) => {
        body += text
      })
      // A moment, so that requests at the same time are seen as such.
      request.once('end', () => setTimeout(() => answer(request, response, body), 2))
    })
    started.on('tlsClientError', () => undefined)
    await new Promise<void>((resolve, reject) => started.once('error', reject).listen(port, '127.0.0.1', resolve))
    server = started
  }
  const goAway = async (): Promise<void> => {
    const leaving = server
    server = undefined
    leaving?.closeAllConnections()
    await new Promise<void>((resolve) => (leaving === undefined ? resolve() : leaving.close(() => resolve())))
    sessions.clear()
  }
  await startAgain()
  return {
    port,
    certificates,
    tree,
    requests,
    failing,
    redirects,
    hanging,
    sessions,
    mostAtOnce: () => most,
    goAway,
    startAgain,
    async dispose() {
      await goAway()
      certificates.dispose()
    },
  }
}

function expanded({ Members }: Record<string, unknown>, tree: RedfishTree): unknown[] {
  return (Members as { '@odata.id': string }[]).map((member) => tree.get(member['@odata.id']) ?? member)
}
