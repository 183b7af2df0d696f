import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { en as auditEn } from './audit/en.ts'
import { zhCN as auditZh } from './audit/zh-CN.ts'
import { en } from './en.ts'
import { en as historyEn } from './history/en.ts'
import { zhCN as historyZh } from './history/zh-CN.ts'
import { en as incidentsEn } from './incidents/en.ts'
import { zhCN as incidentsZh } from './incidents/zh-CN.ts'
import { en as inspectionEn } from './inspection/en.ts'
import { zhCN as inspectionZh } from './inspection/zh-CN.ts'
import { en as lifeEn } from './life/en.ts'
import { zhCN as lifeZh } from './life/zh-CN.ts'
import { en as limitsEn } from './limits/en.ts'
import { zhCN as limitsZh } from './limits/zh-CN.ts'
import { en as networkEn } from './network/en.ts'
import { zhCN as networkZh } from './network/zh-CN.ts'
import { en as noticesEn } from './notices/en.ts'
import { zhCN as noticesZh } from './notices/zh-CN.ts'
import { en as packEn } from './pack/en.ts'
import { zhCN as packZh } from './pack/zh-CN.ts'
import { en as photosEn } from './photos/en.ts'
import { zhCN as photosZh } from './photos/zh-CN.ts'
import { en as planEn } from './plan/en.ts'
import { zhCN as planZh } from './plan/zh-CN.ts'
import { en as registersEn } from './registers/en.ts'
import { zhCN as registersZh } from './registers/zh-CN.ts'
import { en as reportsEn } from './reports/en.ts'
import { zhCN as reportsZh } from './reports/zh-CN.ts'
import { en as schedulesEn } from './schedules/en.ts'
import { zhCN as schedulesZh } from './schedules/zh-CN.ts'
import { en as startEn } from './start/en.ts'
import { zhCN as startZh } from './start/zh-CN.ts'
import { en as thermalEn } from './thermal/en.ts'
import { zhCN as thermalZh } from './thermal/zh-CN.ts'
import { en as wallEn } from './wall/en.ts'
import { zhCN as wallZh } from './wall/zh-CN.ts'
import { zhCN } from './zh-CN.ts'

const SOURCE_DIR = join(import.meta.dirname, '..')

function textsOf(dictionary: object, path = ''): [string, string][] {
  return Object.entries(dictionary).flatMap(([key, value]: [string, unknown]) => {
    const at = path ? `${path}.${key}` : key
    return typeof value === 'string' ? [[at, value] as [string, string]] : textsOf(value as object, at)
  })
}

function placeholders(text: string): string[] {
  return [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => String(match[1])).sort()
}

/** Source without comments. Strings may contain `//` only in addresses, of which the dashboard has none. */
function withoutComments(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*$/gm, '')
}

describe('dictionaries', () => {
  const chinese = new Map([
    ...textsOf(zhCN),
    ...textsOf(auditZh, 'audit:'),
    ...textsOf(historyZh, 'history:'),
    ...textsOf(incidentsZh, 'incidents:'),
    ...textsOf(noticesZh, 'notices:'),
    ...textsOf(lifeZh, 'life:'),
    ...textsOf(inspectionZh, 'inspection:'),
    ...textsOf(limitsZh, 'limits:'),
    ...textsOf(networkZh, 'network:'),
    ...textsOf(packZh, 'pack:'),
    ...textsOf(photosZh, 'photos:'),
    ...textsOf(planZh, 'plan:'),
    ...textsOf(registersZh, 'registers:'),
    ...textsOf(reportsZh, 'reports:'),
    ...textsOf(schedulesZh, 'schedules:'),
    ...textsOf(startZh, 'start:'),
    ...textsOf(thermalZh, 'thermal:'),
    ...textsOf(wallZh, 'wall:'),
  ])
  const english = new Map([
    ...textsOf(en),
    ...textsOf(auditEn, 'audit:'),
    ...textsOf(historyEn, 'history:'),
    ...textsOf(incidentsEn, 'incidents:'),
    ...textsOf(noticesEn, 'notices:'),
    ...textsOf(lifeEn, 'life:'),
    ...textsOf(inspectionEn, 'inspection:'),
    ...textsOf(limitsEn, 'limits:'),
    ...textsOf(networkEn, 'network:'),
    ...textsOf(packEn, 'pack:'),
    ...textsOf(photosEn, 'photos:'),
    ...textsOf(planEn, 'plan:'),
    ...textsOf(registersEn, 'registers:'),
    ...textsOf(reportsEn, 'reports:'),
    ...textsOf(schedulesEn, 'schedules:'),
    ...textsOf(startEn, 'start:'),
    ...textsOf(thermalEn, 'thermal:'),
    ...textsOf(wallEn, 'wall:'),
  ])

  it('have the same keys', () => {
    expect([...english.keys()].sort()).toEqual([...chinese.keys()].sort())
    expect(chinese.size).toBeGreaterThan(300)
  })

  it('have the same placeholders, and no empty text', () => {
    for (const [key, text] of chinese) {
      expect(placeholders(english.get(key) ?? ''), key).toEqual(placeholders(text))
      expect(text, key).not.toBe('')
      expect(english.get(key), key).not.toBe('')
    }
  })

  it('hold all Chinese of the dashboard: none is written into a page', () => {
    const files = readdirSync(SOURCE_DIR, { recursive: true, encoding: 'utf8' }).filter(
      (name) => /\.tsx?$/.test(name) && !name.endsWith('.test.ts'),
    )
    const offenders = files
      .filter((name) => !/^i18n[\\/](\w+[\\/])?(zh-CN|en)\.ts$/.test(name))
      .filter((name) => /\p{Script=Han}/u.test(withoutComments(readFileSync(join(SOURCE_DIR, name), 'utf8'))))
    expect(files.length).toBeGreaterThan(60)
    expect(offenders).toEqual([])
  })
})
