import { z } from 'zod'
import { done, id, longText, route, shortText, timeMs } from './contract-base.ts'

/** No leading zeros: some programs read 010 as eight. */
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.){3}(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)$/
const ipv4 = z.string().trim().regex(IPV4, 'IPv4 地址，如 10.1.20.5 / an IPv4 address such as 10.1.20.5')
const cidr = z
  .string()
  .trim()
  .regex(/^[\d.]+\/(?:[89]|[12]\d|3[0-2])$/, '网段，如 10.1.20.0/24 / a subnet such as 10.1.20.0/24')
/** Any usual spelling; kept in lower case with colons. */
const mac = z
  .string()
  .trim()
  .transform((text) => text.toLowerCase().replace(/[^0-9a-f]/g, ''))
  .refine((hex) => hex === '' || hex.length === 12, 'MAC 地址，如 a0:36:9f:00:11:22 / a MAC address such as a0:36:9f:00:11:22')
  .transform((hex) => (hex.match(/../g) ?? []).join(':'))
const optionalText = z.string().trim().max(100).default('')

export const subnetInput = z.object({
  cidr,
  name: shortText,
  vlan: z.number().int().min(1).max(4094).nullable().default(null),
  gateway: ipv4.nullable().default(null),
  purpose: optionalText,
  note: longText.default(''),
})
export const subnetSchema = subnetInput.extend({
  id,
  /** Addresses that hosts may have. */
  size: z.number(),
  used: z.number(),
  reserved: z.number(),
  conflicts: z.number(),
  revision: z.number(),
  changedBy: z.string(),
  changedAtMs: timeMs,
})
export type Subnet = z.output<typeof subnetSchema>

export const ADDRESS_STATES = ['used', 'reserved', 'free'] as const
/**
 * What the table and the agents say differently. unknown: seen, and not in the table. not-used: seen, though reserved or free. mac-differs: seen with another MAC. two-macs:
 * seen with two. not-seen: used, in a subnet that an agent sees, and not seen for 30 days.
 */
export const ADDRESS_CONFLICTS = ['unknown', 'not-used', 'mac-differs', 'two-macs', 'not-seen'] as const
export type AddressConflict = (typeof ADDRESS_CONFLICTS)[number]

export const addressInput = z.object({
  address: ipv4,
  state: z.enum(ADDRESS_STATES),
  hostname: optionalText,
  mac: mac.default(''),
  department: optionalText,
  custodian: optionalText,
  assetId: id.nullable().default(null),
  note: longText.default(''),
})
const seenSchema = z.object({ source: z.string(), name: z.string(), mac: z.string(), lastSeenMs: timeMs })
export const addressSchema = addressInput.extend({
  /** null: seen only. */
  id: id.nullable(),
  subnetId: id.nullable(),
  /** The hospital's own number of the asset. */
  assetNumber: z.string().nullable(),
  seen: z.array(seenSchema),
  conflicts: z.array(z.enum(ADDRESS_CONFLICTS)),
  revision: z.number(),
  changedBy: z.string(),
  changedAtMs: timeMs.nullable(),
})
export type Address = z.output<typeof addressSchema>

export const PORT_STATES = ['used', 'free', 'disabled', 'broken'] as const
export const portInput = z.object({
  assetId: id.nullable().default(null),
  switchName: shortText,
  /** As it stands on the switch: 1, 0/24, GE1/0/1. */
  port: z.string().trim().min(1).max(40),
  /** What the printed label says; unique. Empty: made from switch and port. */
  label: optionalText,
  vlan: optionalText,
  state: z.enum(PORT_STATES),
  /** The other end: a device, a patch panel, an outlet, or another switch of this table. */
  peer: optionalText,
  peerPort: optionalText,
  cable: optionalText,
  roomId: id.nullable().default(null),
  note: longText.default(''),
})
/** Where a port is patched to; `portId` when that is a port of this table. */
const portEndSchema = z.object({ portId: id.nullable(), name: z.string(), port: z.string() })
export type PortEnd = z.output<typeof portEndSchema>
export const portSchema = portInput.extend({
  id,
  roomName: z.string().nullable(),
  /** The hospital's own number of the asset. */
  assetNumber: z.string().nullable(),
  /** The other end as written here, and the ports that name this one as theirs. */
  ends: z.array(portEndSchema),
  /** two-ends: patched to two places. same-end: another port names the same other end. */
  patchProblems: z.array(z.enum(['two-ends', 'same-end'])),
  revision: z.number(),
  changedBy: z.string(),
  changedAtMs: timeMs,
})
export type Port = z.output<typeof portSchema>

const revision = z.number().int()
const tags = ['network']
const read = { permission: 'network.read' } as const
const write = { permission: 'network.write' } as const

/** IP table and switch ports (regulation T2). */
export const network = {
  subnets: route.route({ method: 'GET', path: '/subnets', tags, summary: 'Subnets' }).meta(read).output(z.array(subnetSchema)),
  addSubnet: route
    .route({ method: 'POST', path: '/subnets', tags, summary: 'Add a subnet' })
    .meta(write)
    .input(subnetInput)
    .output(subnetSchema),
  changeSubnet: route
    .route({ method: 'PUT', path: '/subnets/{subnetId}', tags, summary: 'Change a subnet' })
    .meta(write)
    .input(subnetInput.extend({ subnetId: id, revision }))
    .output(subnetSchema),
  removeSubnet: route
    .route({ method: 'DELETE', path: '/subnets/{subnetId}', tags, summary: 'Take out a subnet that has no used or reserved address' })
    .meta(write)
    .input(z.object({ subnetId: id }))
    .output(done),
  addresses: route
    .route({
      method: 'GET',
      path: '/addresses',
      tags,
      summary: 'Addresses of a subnet with what agents see; without a subnet those that have a conflict, or are in none',
    })
    .meta(read)
    .input(z.object({ subnetId: id.optional(), q: z.string().trim().max(100).optional() }))
    .output(z.array(addressSchema)),
  nextFree: route
    .route({
      method: 'GET',
      path: '/subnets/{subnetId}/next-free',
      tags,
      summary: 'The first address that is neither in the table nor seen',
    })
    .meta(read)
    .input(z.object({ subnetId: id }))
    .output(z.object({ address: z.string().nullable() })),
  setAddress: route
    .route({ method: 'PUT', path: '/addresses', tags, summary: 'Write down an address; `revision` 0 for one that is not in the table' })
    .meta(write)
    .input(addressInput.extend({ revision }))
    .output(addressSchema),
  ports: route
    .route({ method: 'GET', path: '/switch-ports', tags, summary: 'Switch ports with what is at their other end' })
    .meta(read)
    .input(z.object({ switchName: z.string().max(100).optional(), q: z.string().trim().max(100).optional() }))
    .output(z.array(portSchema)),
  addPorts: route
    .route({
      method: 'POST',
      path: '/switch-ports',
      tags,
      summary: 'Add ports: one, or a range such as GE1/0/[1-24], whose peerPort may be a range of as many',
    })
    .meta(write)
    .input(portInput)
    .output(z.array(portSchema)),
  changePort: route
    .route({ method: 'PUT', path: '/switch-ports/{portId}', tags, summary: 'Change a port' })
    .meta(write)
    .input(portInput.extend({ portId: id, revision }))
    .output(portSchema),
  removePort: route
    .route({ method: 'DELETE', path: '/switch-ports/{portId}', tags, summary: 'Take out a port; the audit trail keeps it' })
    .meta(write)
    .input(z.object({ portId: id }))
    .output(done),
}
