import type { RedfishTree } from './redfish-mock.ts'

/*
 * Services for redfish-mock.ts, written after DMTF's schemas (DSP0268: Chassis, Thermal, Power, Sensor, ThermalSubsystem, Fan, PowerSupply,
 * PowerSupplyMetrics, EnvironmentMetrics, PowerDistribution, Circuit, Outlet) with the values and shapes of the published mockup public-rackmount1.
 */

type Json = Record<string, unknown>
const ROOT = '/redfish/v1'
const OK = { State: 'Enabled', Health: 'OK' }
const link = (path: string): Json => ({ '@odata.id': path })

class TreeBuilder {
  readonly tree: RedfishTree = new Map()
  add(path: string, resource: Json): this {
    const id = path.split('/').filter(Boolean).at(-1)
    this.tree.set(path, { '@odata.id': path, Id: id, ...resource })
    return this
  }
  collection(path: string, members: Record<string, Json>): this {
    const links = Object.keys(members).map((id) => link(`${path}/${id}`))
    this.add(path, { Name: 'Collection', 'Members@odata.count': links.length, Members: links })
    for (const [id, member] of Object.entries(members)) this.add(`${path}/${id}`, member)
    return this
  }
  root(further: Json = {}): this {
    return this.add(`${ROOT}/`, {
      '@odata.type': '#ServiceRoot.v1_16_0.ServiceRoot',
      RedfishVersion: '1.19.0',
      Chassis: link(`${ROOT}/Chassis`),
      Systems: link(`${ROOT}/Systems`),
      ...further,
    })
  }
  system(status: Json): this {
    return this.collection(`${ROOT}/Systems`, {
      '437XR1138R2': { Name: 'WebFrontEnd483', Manufacturer: 'Contoso', Model: '3500RX', Status: status },
    })
  }
}

/** A server of the older kind: Thermal and Power. */
export function legacyServer(): RedfishTree {
  const chassis = `${ROOT}/Chassis/1U`
  const at = (array: string, index: number): Json => ({ '@odata.id': `${chassis}/${array}/${index}`, MemberId: String(index) })
  return new TreeBuilder()
    .root()
    .system({ State: 'Enabled', Health: 'OK', HealthRollup: 'Warning' })
    .collection(`${ROOT}/Chassis`, {
      '1U': {
        '@odata.type': '#Chassis.v1_14_0.Chassis',
        Name: 'Computer System Chassis',
        Manufacturer: 'Contoso',
        Model: '3500RX',
        Status: OK,
        PhysicalSecurity: { IntrusionSensor: 'HardwareIntrusion' },
        Thermal: link(`${chassis}/Thermal`),
        Power: link(`${chassis}/Power`),
        Sensors: link(`${chassis}/Sensors`),
      },
    })
    .add(`${chassis}/Thermal`, {
      '@odata.type': '#Thermal.v1_7_3.Thermal',
      Temperatures: [
        { ...at('Thermal#/Temperatures', 0), Name: 'CPU1 Temp', PhysicalContext: 'CPU', ReadingCelsius: 41, Status: OK },
        { ...at('Thermal#/Temperatures', 1), Name: 'CPU2 Temp', PhysicalContext: 'CPU', Status: { State: 'Disabled' } },
        { ...at('Thermal#/Temperatures', 2), Name: 'Chassis Intake Temp', PhysicalContext: 'Intake', ReadingCelsius: 25, Status: OK },
        { ...at('Thermal#/Temperatures', 3), Name: 'DIMM Temp', PhysicalContext: 'Memory', ReadingCelsius: null, Status: OK },
      ],
      Fans: [
        { ...at('Thermal#/Fans', 0), Name: 'BaseBoard System Fan', Reading: 2100, ReadingUnits: 'RPM', Status: OK },
        {
          ...at('Thermal#/Fans', 1),
          Name: 'Fan 2',
          Reading: 16,
          ReadingUnits: 'Percent',
          Status: { State: 'Enabled', Health: 'Critical' },
        },
      ],
      Redundancy: [{ ...at('Thermal#/Redundancy', 0), Name: 'BaseBoard System Fans', Status: { State: 'Enabled', Health: 'Warning' } }],
    })
    .add(`${chassis}/Power`, {
      '@odata.type': '#Power.v1_7_3.Power',
      PowerControl: [{ ...at('Power#/PowerControl', 0), Name: 'System Input Power', PowerConsumedWatts: 344, Status: OK }],
      Voltages: [{ ...at('Power#/Voltages', 0), Name: 'VRM1 Voltage', PhysicalContext: 'VoltageRegulator', ReadingVolts: 12, Status: OK }],
      PowerSupplies: [
        {
          ...at('Power#/PowerSupplies', 0),
          Name: 'Power Supply Bay 1',
          PowerSupplyType: 'AC',
          LineInputVoltage: 228,
          LastPowerOutputWatts: 325,
          Status: { State: 'Enabled', Health: 'Warning' },
        },
        { ...at('Power#/PowerSupplies', 1), Name: 'Power Supply Bay 2', Status: { State: 'Absent' } },
      ],
    })
    .collection(`${chassis}/Sensors`, { CPU1Temp: { Name: 'CPU1 Temp', ReadingType: 'Temperature', Reading: 41, Status: OK } }).tree
}

/** A server of the newer kind: Sensors and subsystems, no Thermal and Power. */
export function sensorsServer(): RedfishTree {
  const chassis = `${ROOT}/Chassis/1U`
  const thermal = `${chassis}/ThermalSubsystem`
  const power = `${chassis}/PowerSubsystem`
  const sensor = (Name: string, ReadingType: string, ReadingUnits: string, Reading: number | null, further: Json = {}): Json => ({
    '@odata.type': '#Sensor.v1_7_0.Sensor',
    Name,
    ReadingType,
    ReadingUnits,
    Reading,
    Status: OK,
    ...further,
  })
  const excerpt = (name: string, Reading: number): Json => ({ DataSourceUri: `${chassis}/Sensors/${name}`, Reading })
  return new TreeBuilder()
    .root({ ProtocolFeaturesSupported: { ExpandQuery: { NoLinks: true, Levels: true, MaxLevels: 1 } } })
    .system({ State: 'Enabled', Health: 'OK', HealthRollup: 'OK' })
    .collection(`${ROOT}/Chassis`, {
      '1U': {
        '@odata.type': '#Chassis.v1_26_0.Chassis',
        Name: 'Computer System Chassis',
        Status: OK,
        PhysicalSecurity: { IntrusionSensor: 'Normal' },
        Sensors: link(`${chassis}/Sensors`),
        ThermalSubsystem: link(thermal),
        PowerSubsystem: link(power),
        EnvironmentMetrics: link(`${chassis}/EnvironmentMetrics`),
      },
    })
    .collection(`${chassis}/Sensors`, {
      IntakeTemp: sensor('Front Panel Intake Temperature', 'Temperature', 'Cel', 24.8, { PhysicalContext: 'Intake' }),
      PS1Inlet: sensor('P/S 1 Inlet', 'Temperature', 'Cel', 31, { PhysicalContext: 'PowerSupply' }),
      CPU1Temp: sensor('CPU #1 Temperature', 'Temperature', 'Cel', 37, { PhysicalContext: 'CPU' }),
      CPU2Temp: sensor('CPU #2 Temperature', 'Temperature', 'Cel', null, {
        PhysicalContext: 'CPU',
        Status: { State: 'UnavailableOffline' },
      }),
      CPU3Temp: sensor('CPU #3 Temperature', 'Temperature', 'Cel', null, { PhysicalContext: 'CPU', Status: { State: 'Absent' } }),
      Humidity: sensor('Front Humidity', 'Humidity', '%', 41.5),
      FanBay1: sensor('Fan Bay 1', 'Percent', '%', 45, { PhysicalContext: 'Chassis' }),
      PS1InputVoltage: sensor('Power Supply #1 Input Voltage', 'Voltage', 'V', 229.3, {
        PhysicalContext: 'PowerSupply',
        PhysicalSubContext: 'Input',
      }),
      PS1Out12V: sensor('Power Supply #1 12V Output', 'Voltage', 'V', 12.1, {
        PhysicalContext: 'PowerSupply',
        PhysicalSubContext: 'Output',
      }),
      PS1InputCurrent: sensor('Power Supply #1 Input Current', 'Current', 'A', 1.6),
      PS1Frequency: sensor('Power Supply #1 Frequency', 'Frequency', 'Hz', 50.1),
      TotalPower: sensor('Total Power', 'Power', 'W', 374),
      TotalEnergy: sensor('Total Energy', 'EnergykWh', 'kW.h', 325675),
      AirFlow: sensor('Front Air Flow', 'AirFlow', '[cft_i]/min', 60),
    })
    .add(thermal, {
      Name: 'Thermal Subsystem',
      Fans: link(`${thermal}/Fans`),
      ThermalMetrics: link(`${thermal}/ThermalMetrics`),
      LeakDetection: link(`${thermal}/LeakDetection`),
      FanRedundancy: [
        { RedundancyType: 'NPlusM', Status: OK },
        { RedundancyType: 'NPlusM', Status: { State: 'Disabled' } },
      ],
    })
    .collection(`${thermal}/Fans`, {
      Bay1: { Name: 'Fan Bay 1', SpeedPercent: { ...excerpt('FanBay1', 45), SpeedRPM: 2200 }, Status: OK },
      Bay2: { Name: 'Fan Bay 2', SpeedPercent: { Reading: 50, SpeedRPM: 2100 }, Status: { State: 'Enabled', Health: 'Critical' } },
    })
    .add(`${thermal}/ThermalMetrics`, {
      Name: 'Metrics',
      TemperatureSummaryCelsius: { Intake: excerpt('IntakeTemp', 24.8), Ambient: { Reading: 22.5 } },
      TemperatureReadingsCelsius: [{ ...excerpt('CPU1Temp', 37), DeviceName: 'CPU1' }],
    })
    .add(`${thermal}/LeakDetection`, { Name: 'Leaks', LeakDetectors: link(`${thermal}/LeakDetection/LeakDetectors`) })
    .collection(`${thermal}/LeakDetection/LeakDetectors`, {
      Moisture: { Name: 'Moisture-type Leak Detector', DetectorState: 'Critical', Status: OK },
    })
    .add(power, { Name: 'Power Subsystem', PowerSupplies: link(`${power}/PowerSupplies`) })
    .collection(`${power}/PowerSupplies`, {
      Bay1: {
        Name: 'Power Supply Bay 1',
        LineInputStatus: 'LossOfInput',
        Metrics: link(`${power}/PowerSupplies/Bay1/Metrics`),
        Status: OK,
      },
      Bay2: { Name: 'Power Supply Bay 2', Status: { State: 'Absent' } },
    })
    .add(`${power}/PowerSupplies/Bay1/Metrics`, {
      Name: 'Metrics',
      InputVoltage: excerpt('PS1InputVoltage', 229.3),
      OutputPowerWatts: { Reading: 330.5 },
      Status: OK,
    })
    .add(`${chassis}/EnvironmentMetrics`, { Name: 'Metrics', PowerWatts: excerpt('TotalPower', 374), HumidityPercent: { Reading: 41.5 } })
    .tree
}

/** A rack PDU (DSP0268, PowerDistribution). */
export function rackPdu(): RedfishTree {
  const pdu = `${ROOT}/PowerEquipment/RackPDUs/1`
  return new TreeBuilder()
    .root({ Systems: undefined, PowerEquipment: link(`${ROOT}/PowerEquipment`) })
    .collection(`${ROOT}/Chassis`, {})
    .add(`${ROOT}/PowerEquipment`, { Name: 'Power equipment', RackPDUs: link(`${ROOT}/PowerEquipment/RackPDUs`) })
    .collection(`${ROOT}/PowerEquipment/RackPDUs`, {
      '1': {
        Name: 'Rack PDU 1',
        Status: OK,
        Metrics: link(`${pdu}/Metrics`),
        Mains: link(`${pdu}/Mains`),
        Outlets: link(`${pdu}/Outlets`),
      },
    })
    .add(`${pdu}/Metrics`, {
      Name: 'Metrics',
      PowerWatts: { Reading: 6438 },
      EnergykWh: { Reading: 56438 },
      HumidityPercent: { Reading: 52.7 },
    })
    .collection(`${pdu}/Mains`, {
      AC1: { Name: 'Mains AC1', Voltage: { Reading: 231.2 }, CurrentAmps: { Reading: 27.9 }, FrequencyHz: { Reading: 50 }, Status: OK },
    })
    .collection(`${pdu}/Outlets`, {
      A1: { Name: 'Outlet A1', PowerWatts: { Reading: 197.4 }, Status: { State: 'Enabled', Health: 'Warning' } },
      A2: { Name: 'Outlet A2', PowerWatts: { Reading: null }, Status: OK },
    }).tree
}
