import { describe, expect, it } from 'vitest'
import { DASHBOARD_PAGES, dashboardRoutes } from '../kit/dashboard-pages.ts'

describe('the list of pages that are photographed and checked', () => {
  it('has every route of the dashboard, and no other', () => {
    const routes = dashboardRoutes()
    expect(routes.length).toBeGreaterThan(25)
    expect([...new Set(DASHBOARD_PAGES.map(({ route }) => route))].sort()).toEqual([...new Set(routes)].sort())
  })

  it('calls no two pages the same', () => {
    const names = DASHBOARD_PAGES.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
  })

  it('gives each page an address of its route', () => {
    const ids = { roomId: 1, deviceId: 2, pointIds: [3], incidentId: 4, assetId: 5, inspectionId: 6 }
    for (const { name, route, path } of DASHBOARD_PAGES) {
      if (route === '*') continue
      const pattern = new RegExp(`^/${route.replaceAll(/:\w+/g, '[^/]+')}(\\?.*)?$`)
      expect(path(ids), name).toMatch(pattern)
    }
  })
})
