import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type AgentIdentity, mayPublish, maySubscribe, nameProblem, publishFilters, usernameOf } from './agent-access.ts'

const AGENT: AgentIdentity = { username: 'east.n1', site: 'east', node: 'n1' }

describe('what an agent may do', () => {
  test('the rule and the lists for brokers agree on every topic', () => {
    const level = fc.constantFrom(
      'spBv1.0',
      'east',
      'west',
      'n1',
      'n2',
      'STATE',
      'NBIRTH',
      'NDATA',
      'NCMD',
      'DDATA',
      'DCMD',
      'ups1',
      '',
      '$SYS',
    )
    const topic = fc.oneof(
      fc.array(level, { minLength: 1, maxLength: 6 }),
      fc.tuple(level, level, level, level).map(([group, type, node, device]) => ['spBv1.0', group, type, node, device]),
      fc.tuple(level, level).map(([type, device]) => ['spBv1.0', 'east', type, 'n1', device]),
    )
    fc.assert(
      fc.property(topic, (levels) => {
        const text = levels.join('/')
        // An empty device name fits `+`, but is no name: the rule is stricter than the list there.
        fc.pre(levels.at(-1) !== '')
        expect(mayPublish(AGENT, text)).toBe(publishFilters(AGENT).some((filter) => fits(filter, text)))
      }),
    )
  })

  test('all six message types under its own node, and nothing of the host', () => {
    for (const type of ['NBIRTH', 'NDATA', 'NDEATH']) expect(mayPublish(AGENT, `spBv1.0/east/${type}/n1`), type).toBe(true)
    for (const type of ['DBIRTH', 'DDATA', 'DDEATH']) expect(mayPublish(AGENT, `spBv1.0/east/${type}/n1/ups1`), type).toBe(true)
    for (const type of ['NCMD', 'DCMD', 'STATE']) expect(mayPublish(AGENT, `spBv1.0/east/${type}/n1`), type).toBe(false)
  })

  test('subscriptions are taken word for word', () => {
    const filters = ['spBv1.0/east/NCMD/n1', 'spBv1.0/east/DCMD/n1/#', 'spBv1.0/STATE/host']
    for (const filter of filters) expect(maySubscribe(AGENT, filter, 'host'), filter).toBe(true)
    for (const filter of ['#', 'spBv1.0/#', 'spBv1.0/east/NCMD/+', 'spBv1.0/east/NCMD/n1/#', 'spBv1.0/STATE/other'])
      expect(maySubscribe(AGENT, filter, 'host'), filter).toBe(false)
  })
})

describe('names', () => {
  test('two nodes never share a username', () => {
    const name = fc.stringMatching(/^[a-c.%_ 机-]{1,4}$/)
    fc.assert(
      fc.property(name, name, name, name, (site, node, otherSite, otherNode) => {
        fc.pre(site !== otherSite || node !== otherNode)
        expect(usernameOf(site, node)).not.toBe(usernameOf(otherSite, otherNode))
      }),
    )
  })

  test('a username stays readable', () => {
    expect(usernameOf('东院', 'room-1')).toBe('东院.room-1')
    expect(usernameOf('a.b', 'c d')).toBe('a%2Eb.c%20d')
  })

  test.each(['', '+', 'a/b', '#', '%c', 'a\u0000b', 'x'.repeat(65)])('%j is no name', (name) => {
    expect(nameProblem(name)).toContain('1–64')
  })
})

/** MQTT's own matching, for filters without `#`. */
function fits(filter: string, topic: string): boolean {
  const [wanted, levels] = [filter.split('/'), topic.split('/')]
  return wanted.length === levels.length && wanted.every((part, index) => part === '+' || part === levels[index])
}
