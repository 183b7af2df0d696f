import snmp from 'net-snmp'
import { describe, expect, it } from 'vitest'
import { DriverError } from '../driver.ts'
import { smallerBatches } from './client.ts'

const OIDS = ['1.3.6.1.1.0', '1.3.6.1.2.0', '1.3.6.1.3.0']
const failed = (name: string, oid = '') => new snmp.RequestFailedError(oid === '' ? name : `${name}: ${oid}`, snmp.ErrorStatus[name])

describe('going on after a refused request', () => {
  it('leaves out the object the device named', () => {
    expect(smallerBatches(OIDS, failed('NoSuchName', OIDS[1]))).toEqual([[OIDS[0], OIDS[2]]])
    expect(smallerBatches(OIDS, failed('GeneralError', OIDS[0]))).toEqual([[OIDS[1], OIDS[2]]])
  })

  it('asks one by one when the device named none of them', () => {
    expect(smallerBatches(OIDS, failed('NoSuchName'))).toEqual(OIDS.map((oid) => [oid]))
  })

  it('asks for halves when the answer would be too big', () => {
    expect(smallerBatches(OIDS, failed('TooBig'))).toEqual([[OIDS[0], OIDS[1]], [OIDS[2]]])
  })

  it('ends with the last object', () => {
    expect(smallerBatches(['1.3.6.1.1.0'], failed('NoSuchName', '1.3.6.1.1.0'))).toEqual([])
    expect(() => smallerBatches(['1.3.6.1.1.0'], failed('TooBig'))).toThrow(DriverError)
  })

  it('does not go on when the device refuses us', () => {
    expect(() => smallerBatches(OIDS, failed('AuthorizationError'))).toThrow(expect.objectContaining({ kind: 'denied' }))
    expect(() => smallerBatches(OIDS, failed('BadValue'))).toThrow(expect.objectContaining({ kind: 'garbage' }))
    const other = new DriverError('unreachable', 'no answer')
    expect(() => smallerBatches(OIDS, other)).toThrow(other)
  })
})
