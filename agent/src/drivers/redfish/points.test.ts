import { describe, expect, it } from 'vitest'
import { keyOf, membersWithKeys, sensorQuantity, temperatureOf } from './found-points.ts'
import { circuitParser, powerParser, thermalParser } from './parsers.ts'
import type { Resource } from './resource.ts'

const CHASSIS = '/redfish/v1/Chassis/1'
const valuesOf = (parse: (resource: Resource) => ReturnType<ReturnType<typeof thermalParser>>, resource: Resource) =>
  Object.fromEntries(parse(resource).map(({ description, reading }) => [description.key, [description.kind, reading.bad ?? reading.value]]))

describe('the temperature of the room’s air', () => {
  it.each<[unknown, string, string]>([
    ['Intake', '01-Inlet Ambient', 'temperature'],
    ['Room', 'Temp 1', 'temperature'],
    ['SystemBoard', 'System Board Inlet Temp', 'temperature'],
    [undefined, 'Ambient Temp', 'temperature'],
    ['Chassis', '进风口温度', 'temperature'],
    ['SystemBoard', 'System Board Exhaust Temp', 'board-temperature'],
    ['PowerSupply', 'P/S 1 Inlet', 'board-temperature'],
    [undefined, 'PSU1 Inlet', 'board-temperature'],
    [undefined, 'Liquid Inlet Temp', 'board-temperature'],
    ['CPU', 'CPU1 Ambient', 'board-temperature'],
    ['Exhaust', 'Ambient rear', 'board-temperature'],
    [undefined, 'CPU1 Temp', 'board-temperature'],
  ])('context %s, name %s: %s', (context, name, kind) => {
    expect(temperatureOf(context, name).kind).toBe(kind)
  })
})

describe('a sensor', () => {
  it.each<[Resource, object]>([
    [
      { ReadingType: 'Power', ReadingUnits: 'kW' },
      { kind: 'power', unit: 'W', scale: 1000 },
    ],
    [
      { ReadingType: 'Power', ReadingUnits: 'VA' },
      { kind: 'number', unit: 'VA' },
    ],
    [{ ReadingUnits: 'RPM' }, { kind: 'fan-speed' }],
    [
      { ReadingType: 'Rotational', ReadingUnits: '%' },
      { kind: 'number', unit: '%' },
    ],
    [
      { ReadingType: 'Frequency', ReadingUnits: 'MHz' },
      { kind: 'number', unit: '1' },
    ],
    [{ ReadingType: 'Frequency', ReadingUnits: 'Hz' }, { kind: 'frequency' }],
    [
      { ReadingType: 'PressurekPa', ReadingUnits: 'kPa' },
      { kind: 'number', unit: 'Pa', scale: 1000 },
    ],
    [
      { ReadingUnits: 'Cel', PhysicalContext: 'Room' },
      { kind: 'temperature', unit: 'Cel' },
    ],
    [{ ReadingType: 'Voltage', ReadingUnits: 'V', PhysicalContext: 'PowerSupply', PhysicalSubContext: 'Input' }, { kind: 'voltage' }],
    [
      { ReadingType: 'Voltage', ReadingUnits: 'V', PhysicalContext: 'PowerSupply', PhysicalSubContext: 'Input', VoltageType: 'DC' },
      { kind: 'number', unit: 'V' },
    ],
    [
      { ReadingType: 'Voltage', ReadingUnits: 'V', PhysicalContext: 'CPU' },
      { kind: 'number', unit: 'V' },
    ],
  ])('%j', (sensor, expected) => {
    expect(sensorQuantity(sensor, 'Sensor')).toMatchObject(expected)
  })
})

describe('keys', () => {
  it.each([
    ['/redfish/v1/Chassis/1U/Sensors/IntakeTemp', '1U.Sensors.IntakeTemp'],
    ['/redfish/v1/Chassis/1/Thermal/', '1.Thermal'],
    ['/redfish/v1/PowerEquipment/RackPDUs/1/Outlets/A1', 'PowerEquipment.RackPDUs.1.Outlets.A1'],
    ['/redfish/v1/Chassis/a b+c/Sensors?$expand=.', 'a.b.c.Sensors'],
  ])('%s → %s', (path, key) => {
    expect(keyOf(path)).toBe(key)
  })

  it('are the MemberIds, or the places where these are missing or the same', () => {
    const keys = (...ids: unknown[]): string[] =>
      membersWithKeys(
        'T',
        ids.map((MemberId) => ({ MemberId })),
      ).map(({ key }) => key)
    expect(keys('iDRAC.Embedded.1#Inlet', 'a/b')).toEqual(['T.iDRAC.Embedded.1-Inlet', 'T.a-b'])
    expect(keys('0', '0')).toEqual(['T.0', 'T.1'])
    expect(keys('x', undefined)).toEqual(['T.0', 'T.1'])
    expect(keys('x', 7)).toEqual(['T.0', 'T.1'])
  })
})

describe('what services write otherwise than the schema', () => {
  it('takes the fans of early schemas and numbers that are text', () => {
    const thermal = {
      Fans: [
        { MemberId: 'a', FanName: 'Fan 1', ReadingRPM: 4200 },
        { MemberId: 'b', FanName: 'Fan 2', Reading: '38', Units: 'Percent' },
      ],
      Temperatures: [
        { MemberId: 'a', Name: 'Inlet Temp', ReadingCelsius: '23.5' },
        { MemberId: 'b', Name: 'CPU', ReadingCelsius: 'N/A' },
      ],
    }
    expect(valuesOf(thermalParser(`${CHASSIS}/Thermal`, ''), thermal)).toEqual({
      '1.Thermal.Temperatures.a': ['temperature', 23.5],
      '1.Thermal.Temperatures.b': ['board-temperature', 'not-a-number'],
      '1.Thermal.Fans.a': ['fan-speed', 4200],
      '1.Thermal.Fans.b': ['number', 38],
    })
  })

  it.each([null, 'text', 7, {}, [null, 'x', 7], [{}]])('finds nothing in %j, and does not stumble', (garbage) => {
    expect(thermalParser(`${CHASSIS}/Thermal`, '')({ Temperatures: garbage, Fans: garbage, Redundancy: garbage })).toEqual([])
    expect(powerParser(`${CHASSIS}/Power`, '')({ PowerControl: garbage, PowerSupplies: garbage, Voltages: garbage })).toEqual([])
    expect(circuitParser('', new Set())({ '@odata.id': '/redfish/v1/x', Voltage: 7, PowerWatts: null, Status: 'fine' })).toEqual([])
  })

  it('a supply fed with direct current is no mains; what is unavailable is bad whatever it says', () => {
    const power = {
      PowerSupplies: [
        { MemberId: '0', Name: 'PSU 1', PowerSupplyType: 'DC', LineInputVoltage: 53.5, LineInputStatus: 'OutOfRange' },
        { MemberId: '1', Name: 'PSU 2', LineInputVoltage: 0, Status: { State: 'UnavailableOffline', Health: 'Critical' } },
      ],
    }
    expect(valuesOf(powerParser(`${CHASSIS}/Power`, ''), power)).toEqual({
      '1.Power.PowerSupplies.0.LineInput': ['contact', true],
      '1.Power.PowerSupplies.0.InputVoltage': ['number', 53.5],
      '1.Power.PowerSupplies.1.Health': ['contact', true],
      '1.Power.PowerSupplies.1.InputVoltage': ['voltage', 'sensor-error'],
    })
  })
})
