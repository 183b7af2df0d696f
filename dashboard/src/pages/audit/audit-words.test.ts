import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ALARM_EVENTS, HOLD_KINDS } from '@roomkeeper/shared/model'
import { describe, expect, it } from 'vitest'
import { zhCN } from '../../i18n/audit/zh-CN.ts'

const SERVER = join(import.meta.dirname, '../../../../server/src')
const sources = readdirSync(SERVER, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  .map((name) => readFileSync(join(SERVER, name), 'utf8'))

function textOf(path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((at, key) => (typeof at === 'object' && at ? (at as Record<string, unknown>)[key] : undefined), zhCN)
}

describe('the audit trail has words', () => {
  it('for every action that the server writes', () => {
    const written = sources.flatMap((source) =>
      source
        .split('\n')
        .filter((line) => /\baction\b/.test(line))
        .flatMap((line) => [...line.matchAll(/'([a-z-]+(?:\.[a-z-]+)+)'/g)].map(([, action]) => String(action))),
    )
    const composed = [
      ...ALARM_EVENTS.map((event) => `alarm.${event}`),
      ...HOLD_KINDS.flatMap((kind) => ['begin', 'extend', 'end'].map((what) => `${kind}.${what}`)),
      ...['used', 'cancelled', 'expired'].map((state) => `agent.pairing.${state}`),
      ...['issue', 'set', 'revoke', 'withdrawn'].map((what) => `agent.credential.${what}`),
      ...['passed', 'failed'].map((state) => `drill.${state}`),
      ...['close', 'return'].map((verdict) => `incident.${verdict}`),
      ...['create', 'draft', 'save', 'move', 'amend', 'link', 'file-add', 'file-strike-out'].map((what) => `register.${what}`),
    ]
    expect(written.length).toBeGreaterThan(60)
    expect([...new Set([...written, ...composed])].filter((action) => typeof textOf(`action.${action}`) !== 'string')).toEqual([])
  })

  it('for everything that is changed', () => {
    const things = sources.flatMap((source) => [...source.matchAll(/\bentity: [`']([a-z-]+)/g)].map(([, thing]) => String(thing)))
    expect(things.length).toBeGreaterThan(30)
    expect([...new Set(things)].filter((thing) => typeof textOf(`entity.${thing}`) !== 'string')).toEqual([])
  })
})
