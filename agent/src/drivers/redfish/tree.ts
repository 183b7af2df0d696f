import { DriverError } from '../driver.ts'
import { HttpStatusError } from '../http-exchange.ts'
import type { FoundPoint } from './found-points.ts'
import {
  chassisParser,
  circuitParser,
  fanParser,
  leakParser,
  metricsParser,
  type Parser,
  powerParser,
  powerSupplyParser,
  redundancyParser,
  sensorParser,
  systemParser,
  thermalMetricsParser,
  thermalParser,
} from './parsers.ts'
import { asResource, linkOf, type Resource, resourcesIn, textIn } from './resource.ts'

const ROOT_PATH = '/redfish/v1/'
/** More would not be read in one scan by a BMC that takes a third of a second for each. */
const MOST_MEMBERS = 96
const MOST_CHASSIS = 16
const MOST_PAGES = 20
/** Collections of PowerEquipment (DSP0268) and those of a PDU. */
const EQUIPMENT = ['RackPDUs', 'FloorPDUs', 'TransferSwitches', 'PowerShelves'] as const
const CIRCUITS = ['Mains', 'Branches', 'Feeders', 'Outlets'] as const

/** One request of a scan, and how its answer is read. */
export interface Source {
  path: string
  parse: Parser
}

/** What a service has. */
export interface Service {
  maker?: string
  model?: string
  sources: readonly Source[]
  points: readonly FoundPoint[]
  /** A part failed by an error of the service's own: it may be there another time. */
  isIncomplete: boolean
}

/**
 * Learns which resources of a service hold points. The older Thermal and Power are preferred: two requests give a whole chassis. Sensors and
 * subsystems are read where these are missing, or in addition where the service gives a collection in one request. Rejects with a DriverError
 * when the service does not answer, refuses the user, or is none of Redfish.
 */
export async function learnService(get: (path: string) => Promise<Resource>, tell: (message: string) => void): Promise<Service> {
  return new Learner(get, tell).learn()
}

class Learner {
  readonly #get: (path: string) => Promise<Resource>
  readonly #tell: (message: string) => void
  readonly #sources: Source[] = []
  readonly #points: FoundPoint[] = []
  /** Sensors that are points already, by path: excerpts of them are not read again. */
  readonly #covered = new Set<string>()
  #isIncomplete = false
  #expand: string | undefined

  constructor(get: (path: string) => Promise<Resource>, tell: (message: string) => void) {
    this.#get = get
    this.#tell = tell
  }

  async learn(): Promise<Service> {
    const root = await this.#root()
    this.#expand = expandQuery(root)
    const systems = await this.#members(linkOf(root.Systems), MOST_CHASSIS)
    const chassis = await this.#members(linkOf(root.Chassis), MOST_CHASSIS)
    for (const { path, resource } of systems) this.#add(path, systemParser(path), resource)
    for (const { path, resource } of chassis) {
      const label = chassis.length > 1 ? `${textIn(resource.Name) ?? textIn(resource.Id) ?? path} · ` : ''
      await this.#learnChassis(path, resource, label)
    }
    const equipment = await this.#ask(linkOf(root.PowerEquipment))
    for (const name of EQUIPMENT) await this.#learnEquipment(linkOf(equipment?.[name]))
    const made = [...systems, ...chassis].map(({ resource }) => resource).find(({ Model }) => textIn(Model) !== undefined)
    return {
      maker: textIn(made?.Manufacturer),
      model: textIn(made?.Model),
      sources: this.#sources,
      points: this.#points,
      isIncomplete: this.#isIncomplete,
    }
  }

  async #root(): Promise<Resource> {
    const isNone = 'Redfish 服务不在此处 · there is no Redfish service here'
    const root = await this.#get(ROOT_PATH).catch((error: unknown) => {
      if (error instanceof HttpStatusError && error.status < 500 && error.status !== 401 && error.status !== 403)
        throw new DriverError('garbage', `${isNone}: HTTP ${error.status}`, { cause: error })
      throw error
    })
    if (textIn(root.RedfishVersion) === undefined && linkOf(root.Chassis) === undefined) throw new DriverError('garbage', isNone)
    return root
  }

  async #learnChassis(path: string, chassis: Resource, label: string): Promise<void> {
    this.#add(path, chassisParser(path), chassis)
    const thermal = linkOf(chassis.Thermal)
    const power = linkOf(chassis.Power)
    const hasThermal = thermal !== undefined && (await this.#part(thermal, thermalParser(thermal, label)))
    const hasPower = power !== undefined && (await this.#part(power, powerParser(power, label)))
    if (this.#expand !== undefined || !hasThermal || !hasPower)
      await this.#learnSensors(linkOf(chassis.Sensors), label, hasThermal, hasPower)
    const subsystem = linkOf(chassis.ThermalSubsystem)
    if (subsystem !== undefined) await this.#learnThermalSubsystem(subsystem, label, hasThermal)
    if (!hasPower) await this.#learnPowerSubsystem(linkOf(chassis.PowerSubsystem), label)
    const environment = linkOf(chassis.EnvironmentMetrics)
    const without = [...(hasThermal ? ['TemperatureCelsius'] : []), ...(hasPower ? ['PowerWatts'] : [])]
    const name = label || `${textIn(chassis.Name) ?? 'Chassis'} `
    if (environment !== undefined)
      await this.#part(environment, metricsParser(environment, name.replace(/ · $| $/, ''), this.#known(), without))
  }

  async #learnSensors(path: string | undefined, label: string, hasThermal: boolean, hasPower: boolean): Promise<void> {
    // What Thermal and Power give already, by the kinds of a sensor.
    const isThermal = (kind: string): boolean => kind === 'temperature' || kind === 'board-temperature' || kind === 'fan-speed'
    const isPower = (kind: string): boolean => kind === 'power' || kind === 'voltage' || kind === 'number'
    const isWanted = (kind: string): boolean => !(hasThermal && isThermal(kind)) && !(hasPower && isPower(kind))
    for (const sensor of await this.#collection(path, sensorParser(label, isWanted))) {
      const at = linkOf(sensor)
      if (at !== undefined) this.#covered.add(at)
    }
  }

  async #learnThermalSubsystem(path: string, label: string, hasThermal: boolean): Promise<void> {
    const subsystem = await this.#ask(path)
    if (subsystem === undefined) return
    if (!hasThermal) {
      this.#add(path, redundancyParser(path, 'FanRedundancy', label), subsystem)
      await this.#collection(linkOf(subsystem.Fans), fanParser(label, this.#known()))
      const metrics = linkOf(subsystem.ThermalMetrics)
      if (metrics !== undefined) await this.#part(metrics, thermalMetricsParser(metrics, label, this.#known()))
    }
    const leaks = await this.#ask(linkOf(subsystem.LeakDetection))
    await this.#collection(linkOf(leaks?.LeakDetectors), leakParser(label))
  }

  async #learnPowerSubsystem(path: string | undefined, label: string): Promise<void> {
    const subsystem = await this.#ask(path)
    if (path === undefined || subsystem === undefined) return
    this.#add(path, redundancyParser(path, 'PowerSupplyRedundancy', label), subsystem)
    for (const supply of await this.#collection(linkOf(subsystem.PowerSupplies), powerSupplyParser(label))) {
      const metrics = linkOf(supply.Metrics)
      const name = `${label}${textIn(supply.Name) ?? ''}`
      if (metrics !== undefined) await this.#part(metrics, metricsParser(metrics, name, this.#known()))
    }
  }

  async #learnEquipment(path: string | undefined): Promise<void> {
    for (const { path: at, resource } of await this.#members(path, MOST_CHASSIS)) {
      const label = textIn(resource.Name) ?? at
      this.#add(at, systemParser(at), resource)
      const metrics = linkOf(resource.Metrics)
      if (metrics !== undefined) await this.#part(metrics, metricsParser(metrics, label, this.#known()))
      for (const name of CIRCUITS) await this.#collection(linkOf(resource[name]), circuitParser(`${label} · `, this.#known()))
    }
  }

  /** The sensors that are points by now; later ones do not change what an earlier source gives. */
  #known(): ReadonlySet<string> {
    return new Set(this.#covered)
  }

  /** A source if there is something in it. Several chassis may share one Thermal or Power: it is read once. */
  #add(path: string, parse: Parser, resource: Resource): boolean {
    if (this.#sources.some((source) => source.path === path)) return true
    const points = parse(resource)
    if (points.length === 0) return false
    this.#sources.push({ path, parse })
    this.#points.push(...points)
    return points.some(({ isAbsent }) => !isAbsent)
  }

  async #part(path: string, parse: Parser): Promise<boolean> {
    const resource = await this.#ask(path)
    return resource !== undefined && this.#add(path, parse, resource)
  }

  /** All members of a collection: in one request where the service can, else one by one. Gives the members. */
  async #collection(path: string | undefined, parse: Parser): Promise<Resource[]> {
    if (path === undefined) return []
    return (await this.#expanded(path, parse)) ?? this.#singly(path, parse)
  }

  async #expanded(path: string, parse: Parser): Promise<Resource[] | undefined> {
    if (this.#expand === undefined) return undefined
    const parsePage: Parser = (page) => resourcesIn(page.Members).flatMap(parse)
    const all: Resource[] = []
    const pages: { path: string; page: Resource }[] = []
    for (let at: string | undefined = `${path}?${this.#expand}`; at !== undefined && pages.length < MOST_PAGES; ) {
      const page = await this.#ask(at)
      const members = resourcesIn(page?.Members)
      // Some services say that they can, and answer with links all the same.
      if (page === undefined || members.some((member) => Object.keys(member).length < 2)) return undefined
      pages.push({ path: at, page })
      all.push(...members)
      at = linkOf({ '@odata.id': page['Members@odata.nextLink'] })
    }
    for (const { path: at, page } of pages) this.#add(at, parsePage, page)
    return all
  }

  async #singly(path: string, parse: Parser): Promise<Resource[]> {
    const members = await this.#members(path, MOST_MEMBERS)
    for (const { path: at, resource } of members) this.#add(at, parse, resource)
    return members.map(({ resource }) => resource)
  }

  async #members(path: string | undefined, most: number): Promise<{ path: string; resource: Resource }[]> {
    const paths: string[] = []
    let at = path
    for (let pages = 0; at !== undefined && pages < MOST_PAGES; pages++) {
      const page: Resource | undefined = await this.#ask(at)
      paths.push(...resourcesIn(page?.Members).flatMap((member) => linkOf(member) ?? []))
      at = linkOf({ '@odata.id': page?.['Members@odata.nextLink'] })
    }
    const unique = [...new Set(paths)]
    if (unique.length > most) this.#tell(`${path} has ${unique.length} members; the first ${most} are read`)
    const resources = await Promise.all(unique.slice(0, most).map((member) => this.#ask(member)))
    return unique.slice(0, most).flatMap((member, index) => {
      const resource = resources[index]
      return resource === undefined ? [] : [{ path: member, resource }]
    })
  }

  /** A resource; undefined when the service has not got it, does not let us have it, or stumbles over it. */
  async #ask(path: string | undefined): Promise<Resource | undefined> {
    if (path === undefined) return undefined
    try {
      return await this.#get(path)
    } catch (error) {
      const isAnswer = error instanceof HttpStatusError ? error.status !== 401 : error instanceof DriverError && error.kind === 'garbage'
      if (!isAnswer) throw error
      if (!(error instanceof HttpStatusError) || error.status >= 500) this.#isIncomplete = true
      return undefined
    }
  }
}

/** The query that gives a collection with its members (DSP0266, `$expand`), where the service says that it knows it. */
function expandQuery(root: Resource): string | undefined {
  const features = asResource(asResource(root.ProtocolFeaturesSupported)?.ExpandQuery)
  if (features?.NoLinks !== true) return undefined
  return features.Levels === true ? '$expand=.($levels=1)' : '$expand=.'
}
