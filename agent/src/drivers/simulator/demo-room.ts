/**
 * The room that `npm start` shows: a small hospital machine room of three racks, as device blocks of agent.yaml.
 * Its story is gentle: mains fail for 40 s after three minutes and then every half hour. The UPS takes over, a few alarms come and clear by
 * themselves (the battery carries it for a quarter of an hour, the air warms by about 2 °C), and in between everything is in order.
 */

/** Where the simulated room is proposed to be. */
export const DEMO_ROOM = '信息楼中心机房（模拟）'

const MAINS_LOST = { name: 'mains-lost', atSeconds: 180, forSeconds: 40, everySeconds: 1800 }

/** What describes the room, said on its first device. 1.5 kW per rack is a usual hospital room, and it warms slowly. */
const ROOM = { rackCount: 3, rackWatts: 1500, roomCubicMetres: 90, setpointCelsius: 21.5, upsRatedWatts: 10_000, upsFullLoadMinutes: 8 }

export interface DemoRoomSettings {
  /** Lets tests and demonstrations begin and prevent scenarios while it runs. */
  controlFile?: string
  /** Model seconds per second; 1 unless a test is in a hurry. */
  speed?: number
}

/** The devices of the demonstration, as they would stand in agent.yaml. */
export function demoRoomDevices(settings: DemoRoomSettings = {}): Record<string, unknown>[] {
  const device = { driver: 'simulator', room: DEMO_ROOM, simulatedRoom: 'demo' }
  return [
    {
      ...device,
      id: 'demo-environment',
      name: { zh: '温湿度采集器（模拟）', en: 'Environment unit (simulated)' },
      intervalMs: 5000,
      role: 'environment',
      ...ROOM,
      ...settings,
      scenarios: [MAINS_LOST],
    },
    { ...device, id: 'demo-ups', name: { zh: 'UPS 主机（模拟）', en: 'UPS (simulated)' }, intervalMs: 2000, role: 'ups' },
    {
      ...device,
      id: 'demo-cooling',
      name: { zh: '精密空调（模拟）', en: 'Air conditioner (simulated)' },
      intervalMs: 5000,
      role: 'cooling',
    },
    {
      ...device,
      id: 'demo-contacts',
      name: { zh: '漏水/烟雾/门磁（模拟）', en: 'Leak, smoke and door contacts (simulated)' },
      intervalMs: 2000,
      role: 'contacts',
    },
    {
      ...device,
      id: 'demo-rack-inlets',
      name: { zh: '机柜进风温度（模拟）', en: 'Rack inlet probes (simulated)' },
      intervalMs: 5000,
      role: 'rack-inlets',
    },
  ]
}
