import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { DRIVERS } from '../drivers/index.ts'
import { checkedOptions, parseDeviceUrl } from './device-url.ts'
import { readRegisterMap } from './register-map-file.ts'
import type { Given } from './scheme.ts'
import { SCHEMES } from './schemes/index.ts'
import { WrongInput } from './wrong-input.ts'

const folder = mkdtempSync(join(tmpdir(), 'roomkeeper-map-'))
afterAll(() => rmSync(folder, { recursive: true }))

function mapOf(text: string): Given {
  const path = join(folder, 'map.yaml')
  writeFileSync(path, text)
  return { env: {}, registerMap: readRegisterMap(path) }
}

function options(url: string, given: Given = { env: {} }): unknown {
  return checkedOptions(parseDeviceUrl(url, given, SCHEMES, DRIVERS), given)
}

function refusal(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    expect(error).toBeInstanceOf(WrongInput)
    return (error as Error).message
  }
  throw new Error('it was accepted')
}

describe('the URL of a device', () => {
  it.each<[string, NodeJS.ProcessEnv, object]>([
    ['nut://192.0.2.1/ups1', {}, { host: '192.0.2.1', port: 3493, ups: 'ups1' }],
    ['NUT://nas:4000', {}, { host: 'nas', port: 4000 }],
    ['snmp://192.0.2.1', {}, { host: '192.0.2.1', port: 161, version: '2c', community: 'public' }],
    ['snmp://s%40f%3Ae@[2001:db8::1]:1161?version=1', {}, { host: '2001:db8::1', port: 1161, version: '1', community: 's@f:e' }],
    ['snmp://card', { ROOMKEEPER_SNMP_COMMUNITY: 'hidden' }, { community: 'hidden' }],
    ['snmp://seen@card', { ROOMKEEPER_SNMP_COMMUNITY: 'hidden' }, { community: 'seen' }],
    [
      'snmp://reader@card?version=3&authProtocol=sha256&authPassword=auth-secret&context=ups',
      { ROOMKEEPER_SNMP_PRIV_PASSWORD: 'priv-secret', ROOMKEEPER_SNMP_COMMUNITY: 'not for version 3' },
      {
        version: '3',
        context: 'ups',
        user: { name: 'reader', authProtocol: 'sha256', authPassword: 'auth-secret', privProtocol: 'aes', privPassword: 'priv-secret' },
      },
    ],
    ['modbus://gateway/3?profile=xy-md02', {}, { transport: 'tcp', host: 'gateway', port: 502, unitId: 3, profile: 'xy-md02' }],
    [
      'rtu:///dev/ttyUSB0?unitId=5&parity=even&stopBits=2&profile=sdm120',
      {},
      { transport: 'rtu', path: '/dev/ttyUSB0', baudRate: 9600, parity: 'even', stopBits: 2, unitId: 5, profile: 'sdm120' },
    ],
    [
      'rtu+tcp://moxa:4001/2?baudRate=4800&profile=renke-rs-ws',
      {},
      { transport: 'rtu-over-tcp', host: 'moxa', port: 4001, baudRate: 4800, unitId: 2, profile: 'renke-rs-ws' },
    ],
    ['sysfs:///sys', {}, { root: '/sys' }],
    ['sysfs:///tmp/a%20b/', {}, { root: '/tmp/a b' }],
    ['ipmi://bmc', {}, { host: 'bmc', port: 623, user: '', interface: 'lanplus' }],
    [
      'ipmi://root@[2001:db8::1]:6230?cipherSuite=17&privilege=operator&interface=lan',
      { ROOMKEEPER_IPMI_PASSWORD: 'hidden' },
      {
        host: '2001:db8::1',
        port: 6230,
        user: 'root',
        passwordEnv: 'ROOMKEEPER_IPMI_PASSWORD',
        cipherSuite: 17,
        privilege: 'operator',
        interface: 'lan',
      },
    ],
    ['redfish://bmc', {}, { host: 'bmc', port: 443, insecure: false, session: false }],
    [
      `redfish://reader@bmc:8443?session=true&fingerprint=${'aB:'.repeat(31)}ab`,
      { ROOMKEEPER_REDFISH_PASSWORD: 'hidden' },
      {
        host: 'bmc',
        port: 8443,
        username: 'reader',
        passwordEnv: 'ROOMKEEPER_REDFISH_PASSWORD',
        session: true,
        fingerprint: 'AB'.repeat(32),
      },
    ],
    ['redfish://bmc?insecure=true', {}, { insecure: true }],
    ['redfish://bmc?ca=/etc/ca.pem', {}, { ca: '/etc/ca.pem' }],
  ])('%s', (url, env, expected) => {
    expect(options(url, { env })).toMatchObject(expected)
  })

  it('modbus takes its points from the map, as a list or with further keys', () => {
    const list = mapOf('- { key: temperature, kind: temperature, register: 0, scale: 0.1 }\n')
    expect(options('modbus://gateway:1502/7', list)).toMatchObject({
      host: 'gateway',
      port: 1502,
      unitId: 7,
      points: [{ key: 'temperature' }],
    })
    const map = mapOf('maker: Contoso\npauseMs: 20\npoints:\n  - { key: temperature, kind: temperature, register: 0 }\n')
    expect(options('modbus://gateway', map)).toMatchObject({ port: 502, unitId: 1, maker: 'Contoso', pauseMs: 20 })
  })

  it.each<[string, RegExp]>([
    ['192.0.2.1', /allowed:\n {2}nut:\/\/host\[:port\].*\n {2}snmp:.*\n {2}modbus:.*\n {2}rtu:.*\n {2}rtu\+tcp:.*\n {2}sysfs:/],
    ['nutt://h/u', /did you mean "nut:\/\/"\?/],
    ['nut://', /host is missing|malformed/],
    ['nut://h:99999/u', /port 1–65535/],
    ['nut://h/u/v', /too many parts/],
    ['nut://admin:pw@h/u', /no user or password here/],
    ['nut://h/u?x=1', /\?x=: .*no parameters are allowed/],
    ['nut://h/a%20b', /nut:\/\/ ups: .*no spaces/],
    ['snmp://h?version=4', /version: .*"4" is not allowed.*allowed: 1, 3, 2c/],
    ['snmp://h?versoin=1', /did you mean "version"\?/],
    ['snmp://h?version=3', /version 3 needs a user/],
    ['snmp://h?authProtocol=sha', /belongs to version=3 only/],
    ['snmp://u@h?version=3&authPassword=x&authPassword=y', /twice/],
    ['modbus://h/300', /from 0 to 255, got "300"/],
    ['modbus://h/1', /points: .*is missing/],
    ['modbus://h?units=0-9', /units must be a number or a range within 1–247/],
    ['rtu://ttyUSB0', /three slashes/],
    ['rtu:///', /serial port is missing/],
    ['rtu:///dev/ttyUSB0?baudRate=fast', /must be a whole number/],
    ['rtu:///dev/ttyUSB0?baudRate=9601&profile=xy-md02', /baudRate: /],
    ['rtu:///dev/ttyUSB0?unitId=0&profile=xy-md02', /unitId: .*1 to 247/],
    ['sysfs://sys', /three slashes/],
    ['ipmi://', /host is missing|malformed/],
    ['ipmi://h?interface=serial', /interface: .*"serial" is not allowed/],
    ['ipmi://h?cipherSuite=best', /cipherSuite: /],
    ['ipmi://h/sensors', /too many parts/],
    ['redfish://reader@h', /set the variable ROOMKEEPER_REDFISH_PASSWORD/],
    ['redfish://h?insecure=yes', /insecure: /],
    ['redfish://h?fingerprint=ab', /fingerprint: .*64 hex digits/],
    ['redfish://h?fingerprnt=ab', /did you mean "fingerprint"\?/],
    ['redfish://h/redfish/v1', /too many parts/],
  ])('%s is refused with what is allowed', (url, expected) => {
    expect(refusal(() => options(url))).toMatch(expected)
  })

  it.each([
    'snmp://geheim:geheim@h',
    'snmp://geheim/geheim@h',
    'snmp://geheim#geheim@h',
    'snmp://geheim%zz@h',
    'snmp://geheim@h:99999',
    'snmp://u@h?version=3&authPassword=geheim',
    'snmp://u@h?version=3&privPassword=geheim-geheim',
    'snmp://u@h?version=2c&authPassword=geheim-geheim',
    'snmp://geheim@h?version=9',
    'ipmi://root:geheim@h',
    'redfish://root:geheim@h',
  ])('a refusal of %s does not repeat the secret', (url) => {
    const message = refusal(() => options(url))
    expect(message).not.toContain('geheim')
    expect(message).toContain(url.slice(0, url.indexOf('://') + 3))
  })

  it('a wrong register map is told with line and key; a map for another scheme is refused', () => {
    const list = mapOf('- { key: a, kind: temperature, register: 0 }\n- { key: b, kind: temprature, register: 1 }\n')
    expect(refusal(() => options('modbus://h', list))).toMatch(/^map\.yaml:2:13 points\[1\]\.kind: .*did you mean "temperature"/)
    const map = mapOf('pausMs: 1\npoints:\n  - { key: a, kind: temperature, register: 99999 }\n')
    const message = refusal(() => options('modbus://h', map))
    expect(message).toMatch(/^map\.yaml:3:\d+ points\[0\]\.register: .*at most 65535/m)
    expect(message).toMatch(/^map\.yaml:1:1 pausMs: .*did you mean "pauseMs"/m)
    expect(refusal(() => options('nut://h/u', list))).toContain('rtu+tcp:// only')
    expect(refusal(() => mapOf('points: ['))).toMatch(/map\.yaml:\d+:\d+ .*not valid YAML/)
    expect(refusal(() => mapOf('temperature: 1'))).toContain('a list of points')
    expect(refusal(() => readRegisterMap(join(folder, 'none.yaml')))).toContain('cannot be read')
  })
})
