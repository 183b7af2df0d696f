import { expect, it } from 'vitest'
import type { ReadingStoreConfig } from '../config.ts'
import { storeOfAddress, storeText } from './store-address.ts'

const configured: ReadingStoreConfig = { kind: 'embedded', path: '/data/readings.db' }
const of = (address: string, env: NodeJS.ProcessEnv = {}) => storeOfAddress(address, 'to', { env, configured })

it('reads every form, and secrets from the environment', () => {
  expect(of('configured')).toBe(configured)
  expect(of('embedded:/x/y.db')).toEqual({ kind: 'embedded', path: '/x/y.db' })
  expect(of('influx1:http://keeper@host:8086/%E6%9C%BA%E6%88%BF', { ROOMKEEPER_COPY_TO_PASSWORD: 'p:w' })).toMatchObject({
    kind: 'influx1',
    url: 'http://host:8086',
    database: '机房',
    username: 'keeper',
    password: 'p:w',
  })
  const influx2 = of('influx2:https://host/org/bucket', { ROOMKEEPER_COPY_TO_TOKEN: 't' })
  expect(influx2).toMatchObject({ kind: 'influx2', url: 'https://host', org: 'org', bucket: 'bucket', token: 't' })
  expect(storeText(influx2)).toBe('influx2:https://host/org/bucket')
})

it.each([
  ['', /must be one of/],
  ['embedded:', /must be one of/],
  ['influx1:host/db', /must be one of/],
  ['influx1:http://host:8086', /influx1:http:\/\/host:8086\/database/],
  ['influx2:http://host:8086/org', /influx2:http:\/\/host:8086\/org\/bucket/],
  ['influx2:http://host:8086/org/bucket', /ROOMKEEPER_COPY_TO_TOKEN/],
  ['influx1:http://keeper:geheim@host/db', /^(?!.*geheim).*ROOMKEEPER_COPY_TO_PASSWORD/],
])('refuses %s and says what is allowed', (address, message) => {
  expect(() => of(address)).toThrow(message)
})
