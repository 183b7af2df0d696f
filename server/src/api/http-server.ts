import { randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import { OpenAPIHandler } from '@orpc/openapi/node'
import type { AnyRouter } from '@orpc/server'
import { ORPCError } from '@orpc/server'
import type { PartState, RouteMeta } from '@roomkeeper/shared/http'
import type { Permission } from '@roomkeeper/shared/model'
import express, { type ErrorRequestHandler, type Express, type Request, type RequestHandler, type Response } from 'express'
import type { Logger } from 'pino'
import type { Accounts } from '../accounts/accounts.ts'
import type { Metrics } from '../metrics/metrics.ts'
import { type Actor, type ApiContext, refusal, refusalError } from './base.ts'
import { readBearer, readCookie, SESSION_COOKIE, sessionCookie } from './web/cookie.ts'
import { dashboardFiles } from './web/dashboard-files.ts'
import { renderDocsPage } from './web/docs-page.ts'
import { toAnswer } from './web/errors.ts'
import { securityHeaders } from './web/headers.ts'
import { buildOpenApi } from './web/openapi.ts'
import { originRefusal } from './web/origin.ts'

/** A route outside the contract, e.g. a download that is streamed. The permission is checked before the handler runs; a public one guards itself. */
export type ExtraRoute = ExtraRouteBase & (GuardedHandler | PublicHandler)

interface GuardedHandler {
  permission: Permission
  handler(request: Request, response: Response, actor: Actor): void | Promise<void>
}

interface PublicHandler {
  permission: 'public'
  handler(request: Request, response: Response): void | Promise<void>
}

interface ExtraRouteBase {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** The whole path, e.g. `/api/history.csv`. */
  path: string
  summary?: string
  /** The body is bytes of these types and is given to the handler as a Buffer; absent: JSON. */
  body?: { types: readonly string[]; maxBytes: number }
}

export interface HttpServerOptions {
  /** Implements the contract of shared/http, built from `api` of base.ts. */
  router: AnyRouter
  accounts: Pick<Accounts, 'authenticate'>
  metrics: Pick<Metrics, 'registry'>
  health(): Record<string, PartState>
  extraRoutes?: readonly ExtraRoute[]
  version: string
  log: Logger
  /** Where `npm run build` put the dashboard. */
  dashboardDir: string
  /** Origins besides the server's own that may write, e.g. `https://rooms.hospital.example`. */
  allowedOrigins?: readonly string[]
  /** Behind a reverse proxy: believe X-Forwarded-For, -Proto and -Host of it (Express' `trust proxy`). */
  trustProxy?: boolean | number | string
}

/** A curve of a day or a long form is far below; a megabyte is only reached by mistake or malice. */
const MAX_BODY = '1mb'

interface RequestLocals {
  requestId: string
  actor: Actor | null
}

/** The HTTP server, not yet listening: `server.listen(port)`; push attaches to the same server. */
export function createHttpServer(options: HttpServerOptions): Server {
  const { log, health, metrics, version } = options
  const extraRoutes = options.extraRoutes ?? []
  const app = express()
  app.disable('x-powered-by')
  app.set('trust proxy', options.trustProxy ?? false)
  // Nested query objects are a door for prototype pollution, and no route needs them.
  app.set('query parser', 'simple')

  app.use(nameRequest, securityHeaders)
  app.get('/healthz', (_request, response) => {
    const parts = health()
    const ok = Object.values(parts).every((part) => part.ok)
    // Only names and ok: messages may hold addresses; they are at /api/system for those who may read it.
    response
      .status(ok ? 200 : 503)
      .json({ ok, parts: Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, { ok: part.ok }])) })
  })
  app.use(['/api', '/metrics'], checkOrigin(options.allowedOrigins ?? []), identify(options.accounts))
  app.get('/metrics', permit('system.read'), async (_request, response) => {
    response.type(metrics.registry.contentType).send(await metrics.registry.metrics())
  })
  app.use('/api', refuseStrangers(extraRoutes), refusePollution)
  for (const route of extraRoutes) if (route.body) mount(app, route, bytesBody(route.body))
  app.use('/api', jsonBody())

  let openApi: ReturnType<typeof buildOpenApi> | undefined
  const document = () => (openApi ??= buildOpenApi(version, extraRoutes))
  app.get('/api/openapi.json', permit('self'), async (_request, response) => void response.json(await document()))
  app.get('/api/docs', permit('self'), async (_request, response) => void response.type('html').send(renderDocsPage(await document())))
  for (const route of extraRoutes) if (!route.body) mount(app, route)
  app.use('/api', apiRoutes(options))
  app.use('/api', (request) => {
    throw new ORPCError('NOT_FOUND', { message: `没有这个接口 / No such route: ${request.method} ${request.originalUrl.split('?')[0]}` })
  })

  app.use(dashboardFiles(options.dashboardDir))
  app.use((_request, response) => void response.status(404).type('text').send('没有这个页面 / Not found'))
  app.use(answerErrors(log))
  return createServer({ requestTimeout: 60_000, headersTimeout: 20_000 }, app)
}

const nameRequest: RequestHandler = (_request, response, next) => {
  const locals = response.locals as RequestLocals
  locals.requestId = randomUUID()
  locals.actor = null
  response.setHeader('x-request-id', locals.requestId)
  next()
}

function checkOrigin(allowedOrigins: readonly string[]): RequestHandler {
  return (request, _response, next) => {
    if (request.method === 'GET' || request.method === 'HEAD') return next()
    const { origin, 'sec-fetch-site': fetchSite } = request.headers
    const reason = originRefusal({ origin, host: request.host, fetchSite: fetchSite as string | undefined }, allowedOrigins)
    if (reason) throw new ORPCError('FORBIDDEN', { message: `请求来自其他网站 / The request came from another site (${reason})` })
    next()
  }
}

function identify(accounts: Pick<Accounts, 'authenticate'>): RequestHandler {
  return async (request, response, next) => {
    const { cookie, authorization } = request.headers
    const known = await accounts.authenticate({ cookieToken: readCookie(cookie, SESSION_COOKIE), bearerToken: readBearer(authorization) })
    ;(response.locals as RequestLocals).actor = known?.actor ?? null
    next()
  }
}

function permit(permission: Permission): RequestHandler {
  return (_request, response, next) => {
    const reason = refusal((response.locals as RequestLocals).actor, permission)
    if (reason) throw refusalError(reason)
    next()
  }
}

/** Where strangers may knock: the sign-in, the pairing of an agent by its code, and public routes outside the contract (the calendar's feed). */
const OPEN_DOORS = ['POST /session', 'POST /agents/pair'] as const

/** Strangers get nowhere else: no body is read and no route is confirmed or denied. */
function refuseStrangers(extraRoutes: readonly ExtraRoute[]): RequestHandler {
  const isPublic = extraRoutes.filter(({ permission }) => permission === 'public')
  const doors = new Set<string>([...OPEN_DOORS, ...isPublic.map(({ method, path }) => `${method} ${path.replace(/^\/api/, '')}`)])
  return (request, response, next) => {
    const knocks = doors.has(`${request.method} ${request.path}`)
    if ((response.locals as RequestLocals).actor === null && !knocks) throw refusalError('not-signed-in')
    next()
  }
}

const POLLUTING = /(^|[.[\]])(__proto__|constructor|prototype)($|[.[\]])/

const refusePollution: RequestHandler = (request, _response, next) => {
  for (const name of new URLSearchParams(request.url.split('?')[1] ?? '').keys())
    if (POLLUTING.test(name)) throw new ORPCError('BAD_REQUEST', { message: `不允许的参数名 / Parameter name not allowed: ${name}` })
  next()
}

/** JSON only: a form of another site could send the other types without asking first. */
function jsonBody(): RequestHandler {
  const parse = express.json({
    limit: MAX_BODY,
    reviver: (key, value) => {
      if (key === '__proto__') throw new SyntaxError('__proto__ is not allowed')
      return value
    },
  })
  return (request, response, next) => {
    const length = request.headers['content-length']
    const hasBody = request.headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0')
    if (hasBody && !request.is('application/json'))
      throw new ORPCError('UNSUPPORTED_MEDIA_TYPE', { message: '请求体须为 application/json / The body must be application/json' })
    parse(request, response, next)
  }
}

/** Bytes of the types named, none of which another site's form can send without asking first. Nothing is unpacked. */
function bytesBody({ types, maxBytes }: NonNullable<ExtraRoute['body']>): RequestHandler {
  const parse = express.raw({ type: [...types], limit: maxBytes, inflate: false })
  const limit = `${maxBytes / 1e6} MB`
  return (request, response, next) => {
    if (!request.is([...types]))
      throw new ORPCError('UNSUPPORTED_MEDIA_TYPE', { message: `请求体须为 / The body must be: ${types.join(', ')}` })
    parse(request, response, (error?: unknown) => {
      if ((error as { status?: unknown } | undefined)?.status !== 413) return next(error)
      next(new ORPCError('PAYLOAD_TOO_LARGE', { message: `文件超过 ${limit} / The file is larger than ${limit}` }))
    })
  }
}

function mount(app: Express, route: ExtraRoute, ...readBody: RequestHandler[]): void {
  const method = route.method.toLowerCase() as 'get' | 'post' | 'put' | 'delete'
  if (route.permission === 'public') {
    app[method](route.path, ...readBody, (request, response) => route.handler(request, response))
    return
  }
  app[method](route.path, permit(route.permission), ...readBody, async (request, response) => {
    const { actor } = response.locals as RequestLocals
    if (actor) await route.handler(request, response, actor)
  })
}

type HttpContext = ApiContext & { requestId: string; setRetryAfter(seconds: number): void }

function apiRoutes({ router, log }: HttpServerOptions): RequestHandler {
  const handler = new OpenAPIHandler<HttpContext>(router as never, {
    clientInterceptors: [
      async ({ context, procedure, path, next }) => {
        // The second lock: holds even for a handler that was not built from `api` of base.ts.
        const reason = refusal(context.actor, (procedure['~orpc'].meta as RouteMeta).permission)
        if (reason) throw refusalError(reason)
        try {
          return await next()
        } catch (error) {
          const answer = toAnswer(error, context.requestId)
          if (answer.status >= 500)
            log.error({ module: 'api', requestId: context.requestId, route: path.join('.'), err: error }, 'a request failed')
          if (answer.code === 'TOO_MANY_REQUESTS') context.setRetryAfter((answer.data as { retryAfterSeconds: number }).retryAfterSeconds)
          throw answer
        }
      },
    ],
  })
  return async (request, response, next) => {
    const { actor, requestId } = response.locals as RequestLocals
    const { matched } = await handler.handle(request, response, {
      // oRPC reads the original URL, which still has the prefix that Express took off.
      prefix: '/api',
      context: {
        actor,
        requestId,
        address: request.ip ?? '',
        origin: `${request.protocol}://${request.host}`,
        setRetryAfter: (seconds) => response.setHeader('retry-after', String(seconds)),
        setSessionCookie: (token) => response.setHeader('set-cookie', sessionCookie(token, request.secure)),
      },
    })
    if (!matched) next()
  }
}

/** Errors outside the contract's routes, in the same shape. */
function answerErrors(log: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const { requestId } = response.locals as RequestLocals
    const answer = toAnswer(fromParser(error), requestId)
    if (answer.status >= 500) log.error({ module: 'api', requestId, path: request.path, err: error }, 'a request failed')
    if (response.headersSent) return next(error)
    response.status(answer.status).json(answer.toJSON())
  }
}

/** Express and its body parser throw errors with a status: the user's mistakes. */
function fromParser(error: unknown): unknown {
  const status = (error as { status?: unknown } | null)?.status
  if (error instanceof ORPCError || typeof status !== 'number' || status < 400 || status >= 500) return error
  if (status === 413) return new ORPCError('PAYLOAD_TOO_LARGE', { message: `请求体超过 ${MAX_BODY} / The body is larger than ${MAX_BODY}` })
  return new ORPCError('BAD_REQUEST', { message: `请求格式错误 / Malformed request: ${(error as Error).message}` })
}
