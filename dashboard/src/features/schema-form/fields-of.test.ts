import { describe, expect, it } from 'vitest'
import { CLEARED, fieldsOf, initialValues, labelOf, problemsOf, settingsOf } from './fields-of.ts'

/** As Zod's `toJSONSchema` writes it with `io: 'input'`. */
const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  properties: {
    port: { description: 'Port; 587 when empty', type: 'integer', minimum: 1, maximum: 65535 },
    tls: { default: 'starttls', description: 'Encryption: starttls or none', type: 'string', enum: ['starttls', 'none'] },
    host: { type: 'string', description: 'Address of the server' },
    password: { type: 'string', minLength: 1, description: 'Password, or a code' },
    networks: { default: [], description: 'Networks (like 10.1.0.0/16)', type: 'array', items: { type: 'string' } },
    ca: { type: 'string', pattern: '-----BEGIN CERTIFICATE-----' },
    loud: { default: true, type: 'boolean' },
    room: { description: 'TLS: own key', type: 'string', pattern: '-----BEGIN' },
    other: { description: 'TLS: own certificate', type: 'string', pattern: '-----BEGIN' },
    deviceId: { description: 'Device', type: 'integer' },
    roomIds: { description: 'Rooms', type: 'array', items: { type: 'integer' } },
    map: { type: 'object', propertyNames: { type: 'string' }, additionalProperties: { type: 'number' } },
  },
  required: ['host', 'password'],
  additionalProperties: false,
}
const fields = fieldsOf(schema, ['password', 'room'], 'en')

describe('fieldsOf', () => {
  it('gives each setting its control, the required ones first', () => {
    expect(fields.map(({ key, kind, required }) => `${required ? '*' : ''}${key} ${kind}`)).toEqual([
      '*host text',
      '*password secret',
      'port number',
      'tls choice',
      'networks list',
      'ca long-text',
      'loud boolean',
      'room long-secret',
      'other long-text',
      'deviceId device',
      'roomIds rooms',
      'map json',
    ])
  })

  it('takes bounds, choices and help from the schema', () => {
    const byKey = new Map(fields.map((field) => [field.key, field]))
    expect(byKey.get('port')).toMatchObject({ label: 'Port', help: '587 when empty', min: 1, max: 65535, isInteger: true })
    expect(byKey.get('tls')).toMatchObject({ label: 'Encryption', choices: ['starttls', 'none'], initial: 'starttls' })
    expect(byKey.get('networks')).toMatchObject({ label: 'Networks', help: '(like 10.1.0.0/16)' })
    expect(byKey.get('other')).toMatchObject({ label: 'TLS · own certificate', help: '' })
    expect(byKey.get('ca')?.label).toBe('ca')
  })
})

describe('labelOf', () => {
  it.each([
    ['端口；不填则按加密方式取 587', '端口', '不填则按加密方式取 587'],
    ['对方的签发机构（PEM）；公共机构不填', '对方的签发机构（PEM）', '公共机构不填'],
    ['机器人的地址（https://example.org/send?key=…），请保密', '机器人的地址', '（https://example.org/send?key=…），请保密'],
    ['Password, or a code; kept secret', 'Password, or a code', 'kept secret'],
    ['SMTP 服务器的名称或地址', 'SMTP 服务器的名称或地址', ''],
    ['Address; https:// on the Internet', 'Address', 'https:// on the Internet'],
  ])('%s', (text, label, help) => {
    expect(labelOf(text, 'key', [])).toEqual({ label, help })
  })
  it('a sentence that explains a choice is no label', () => {
    expect(labelOf('inform: the station answers; trap: nobody knows', 'mode', ['inform', 'trap']).label).toBe('mode')
  })
})

describe('settingsOf', () => {
  it('begins with the defaults, and sends what the schema takes', () => {
    const values = { ...initialValues(fields, undefined), host: ' mail.example.org ', password: 'secret ', map: '{"a":1}' }
    expect(problemsOf(fields, values, [])).toEqual({})
    expect(settingsOf(fields, values)).toEqual({
      host: 'mail.example.org',
      password: 'secret ',
      tls: 'starttls',
      networks: [],
      loud: true,
      map: { a: 1 },
    })
  })
  it('sends null for a secret that is to be cleared, and for nothing else', () => {
    const values = { ...initialValues(fields, { host: 'a', tls: 'none' }), room: CLEARED, port: null }
    expect(settingsOf(fields, values)).toEqual({ host: 'a', tls: 'none', room: null })
    expect(settingsOf(fields, { ...values, room: undefined })).toEqual({ host: 'a', tls: 'none' })
  })
  it('leaves a secret out that is to be kept, and asks for one that was never set', () => {
    const values = { ...initialValues(fields, { host: 'a', tls: 'none' }), password: '' }
    expect(settingsOf(fields, values)).toEqual({ host: 'a', tls: 'none' })
    expect(problemsOf(fields, values, ['password'])).toEqual({})
    expect(problemsOf(fields, { ...values, map: '{' }, [])).toEqual({ password: 'required', map: 'not-json' })
  })
})
