import { describe, expect, it } from 'vitest'
import { renderDocsPage } from './docs-page.ts'
import { buildOpenApi, contractRoutes } from './openapi.ts'

const EXTRA = { method: 'GET', path: '/api/history.csv', permission: 'readings.read', summary: 'CSV', handler: () => undefined } as const

describe('the API documentation', () => {
  it('is OpenAPI 3.1 with every route of the contract and its permission', async () => {
    const document = await buildOpenApi('1.2.3', [EXTRA])
    expect(document.openapi).toMatch(/^3\.1\./)
    const paths = document.paths as Record<string, Record<string, { 'x-permission': string }>>
    for (const route of contractRoutes()) expect(paths[route.path]?.[route.method.toLowerCase()]?.['x-permission']).toBe(route.permission)
    expect(paths['/history.csv']?.get?.['x-permission']).toBe('readings.read')
    expect(contractRoutes().length).toBeGreaterThan(35)
  })

  it('is a page that needs nothing from elsewhere and runs no script', async () => {
    const page = renderDocsPage(await buildOpenApi('1.2.3', [EXTRA]))
    expect(page).toContain('/api/history.csv')
    expect(page).toContain('/api/alarms/{alarmId}/acknowledge')
    expect(page).not.toMatch(/<script|https?:\/\/|src=|@import/)
  })

  it('escapes what the document says', () => {
    expect(renderDocsPage({ info: { title: '<img onerror="x">', version: '&' } })).not.toContain('<img')
  })
})
