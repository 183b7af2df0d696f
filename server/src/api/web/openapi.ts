import { OpenAPIGenerator } from '@orpc/openapi'
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4'
import { contract, type RouteMeta } from '@roomkeeper/shared/http'
import { PERMISSIONS, type Permission } from '@roomkeeper/shared/model'
import type { ExtraRoute } from '../http-server.ts'

/** One operation of the contract. */
export interface ContractRoute {
  /** e.g. `rooms.list`. */
  name: string
  method: string
  /** As in the contract, without /api. */
  path: string
  permission: Permission | 'public'
}

interface ContractProcedure {
  '~orpc': { route: { method?: string; path?: string }; meta: RouteMeta }
}

/** Every route of the contract, in its order: for the document, and for the test that tries each with each role. */
export function contractRoutes(): ContractRoute[] {
  return Object.entries(contract).flatMap(([resource, procedures]) =>
    Object.entries(procedures as Record<string, ContractProcedure>).map(([name, { '~orpc': definition }]) => ({
      name: `${resource}.${name}`,
      method: definition.route.method ?? 'POST',
      path: definition.route.path ?? '',
      permission: definition.meta.permission,
    })),
  )
}

type Document = Awaited<ReturnType<OpenAPIGenerator['generate']>>

/** The OpenAPI 3.1 document of the contract and the extra routes. Each operation says which permission it needs and which roles have it. */
export async function buildOpenApi(version: string, extraRoutes: readonly ExtraRoute[]): Promise<Document> {
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] })
  const document = await generator.generate(contract, {
    info: {
      title: '机房管家 / Roomkeeper',
      version,
      description: '时间均为 UTC 毫秒。/ All times are UTC epoch milliseconds.',
    },
    servers: [{ url: '/api' }],
    security: [{ session: [] }, { token: [] }],
    components: {
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'roomkeeper_session' },
        token: { type: 'http', scheme: 'bearer' },
      },
    },
  })
  document.paths ??= {}
  for (const route of extraRoutes) {
    const path = route.path.replace(/^\/api/, '')
    document.paths[path] = {
      ...document.paths[path],
      [route.method.toLowerCase()]: {
        tags: ['files'],
        summary: route.summary ?? '',
        responses: { 200: { description: 'OK' } },
        ...permissionWords(route.permission),
      },
    }
  }
  for (const route of contractRoutes()) {
    const operations = document.paths[route.path] as Record<string, object> | undefined
    const operation = operations?.[route.method.toLowerCase()]
    if (operation) Object.assign(operation, permissionWords(route.permission))
  }
  return document
}

function permissionWords(permission: Permission | 'public'): object {
  if (permission === 'public') return { security: [], 'x-permission': 'public' }
  return { 'x-permission': permission, 'x-roles': PERMISSIONS[permission] }
}
