/** Known makes and where their status is. Sources: shelly-api-docs.shelly.cloud (gen1, gen2), tasmota.github.io/docs (Commands, DS18x20). */
export const PRESETS = {
  'shelly-gen1': '/status',
  'shelly-gen2': '/rpc/Shelly.GetStatus',
  tasmota: '/cm?cmnd=Status%2010',
} as const
export type PresetName = keyof typeof PRESETS
