import { describe, expect, it } from 'vitest'
import { ENVIRONMENT } from '../../agent/src/config/index.ts'
import { agentSchema } from '../../agent/src/config/schema.ts'
import { knownKeys } from '../../agent/src/config/schema-keys.ts'
import { DRIVERS } from '../../agent/src/drivers/index.ts'
import { SETTINGS, type Setting } from '../../server/src/config/settings.ts'
import { textOf } from './repository.ts'

describe.each(['README.md', 'README.zh-CN.md'])('%s', (document) => {
  const text = textOf(document)
  /** The row of a table that begins with this text. */
  const rowOf = (start: string): string | undefined => text.split('\n').find((line) => line.startsWith(`| ${start}`))

  it.each(Object.entries<Setting>(SETTINGS))('has the setting %s with its variable and default', (key, { env, schema, machineDefault }) => {
    const row = rowOf(`\`${env}\` (\`${key}\`)`)
    expect(row).toBeDefined()
    const standard: unknown = machineDefault?.[document === 'README.md' ? 'en' : 'zh'] ?? schema.safeParse(undefined).data
    const shown = typeof standard === 'boolean' ? String(Number(standard)) : standard
    const cell = machineDefault ? `| ${shown} |` : `| \`${shown}\` |`
    if (typeof shown === 'string' || typeof shown === 'number') expect(row).toContain(cell)
  })

  it('names every key of agent.yaml and every variable of the agent', () => {
    const keys = Object.keys(agentSchema.shape).flatMap((key) => {
      const inner = knownKeys(agentSchema, [key])
      return inner === undefined || inner.length === 0 ? [key] : inner.map((name) => `${key}.${name}`)
    })
    expect(keys).toEqual(expect.arrayContaining(['site', 'mqtt.url', 'log.maxMegabytes', 'devices']))
    expect(keys.filter((key) => !text.includes(`\`${key}\``) && !text.includes(`\`${key}[]\``))).toEqual([])
    const shown = (variable: string): string => variable.replace(/^ROOMKEEPER_AGENT_MQTT(_PASSWORD(_FILE)?)$/, '…$1')
    expect(Object.keys(ENVIRONMENT).filter((variable) => !text.includes(`\`${shown(variable)}\``))).toEqual([])
  })

  it('names every driver', () => {
    for (const { name } of DRIVERS) expect(text).toContain(`\`${name}\``)
  })
})
