import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Channel } from '../../notify/channels/channel.ts'
import { CHANNELS } from '../../notify/channels/index.ts'
import { addressPatternOf, checkSettings, settingsSchemaOf } from './channel-settings.ts'

describe.each(CHANNELS.map((channel) => [channel.name, channel] as const))('the form of %s', (_name, channel) => {
  it('follows from a JSON schema in which every secret is a field', () => {
    const schema = JSON.stringify(settingsSchemaOf(channel))
    for (const secret of channel.secrets) expect(schema).toContain(`"${secret}"`)
    expect(schema).toMatch(/"(properties|anyOf|oneOf)"/)
    expect(() => new RegExp(addressPatternOf(channel) ?? '', 'u')).not.toThrow()
  })
})

describe('settings that a person entered', () => {
  const channel: Channel = {
    name: 'played',
    title: { zh: '', en: '' },
    summary: { zh: '', en: '' },
    settings: z.strictObject({ host: z.string(), port: z.number().default(25), password: z.string().optional() }),
    secrets: ['password'],
    address: null,
    open: () => Promise.reject(new Error('not opened')),
  }

  it('are parted from their secrets, with defaults filled in', () => {
    const answer = checkSettings(channel, { host: 'a', password: 'new' }, { password: 'old' })
    expect(answer).toEqual({ ok: true, checked: { settings: { host: 'a', port: 25 }, secrets: { password: 'new' } } })
  })

  it('keep a secret that is left out or empty', () => {
    for (const password of [undefined, ''])
      expect(checkSettings(channel, { host: 'a', password }, { password: 'old' })).toMatchObject({
        checked: { secrets: { password: 'old' } },
      })
  })

  it('clear a secret that is null, and say when it is needed', () => {
    expect(checkSettings(channel, { host: 'a', password: null }, { password: 'old' })).toMatchObject({ ok: true, checked: { secrets: {} } })
    const needed = { ...channel, settings: z.strictObject({ host: z.string(), password: z.string() }) }
    const answer = checkSettings(needed, { host: 'a', password: null }, { password: 'old' })
    expect(answer).toMatchObject({ ok: false, issues: [{ field: 'settings.password' }] })
  })

  it('name the field that is wrong', () => {
    expect(checkSettings(channel, { host: 5 }, {})).toMatchObject({ ok: false, issues: [{ field: 'settings.host' }] })
  })
})
