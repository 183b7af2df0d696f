/** Metric names Roomkeeper adds to Sparkplug's own. They are the interface between agent and server (docs/ARCHITECTURE.md). */
export const METRIC = {
  /** NBIRTH: bdSeq of the CONNECT whose will is NDEATH. */
  bdSeq: 'bdSeq',
  /** NBIRTH (false) and NCMD (true): send all births again. */
  rebirth: 'Node Control/Rebirth',
  /** NCMD, Int64: every record with an offset ≤ this is stored and judged; the agent may trim it. */
  committedOffset: 'Node Control/Committed Offset',
  /** NCMD, Int64: re-send records from this offset on, marked historical. */
  replayFrom: 'Node Control/Replay From',
  /** NBIRTH, String (UUID): the identity of the agent's log. */
  logEpoch: 'Log/Epoch',
  /** NBIRTH, Int64: the first offset still in the log. */
  logFirstOffset: 'Log/First Offset',
  /** NBIRTH, Int64: the next offset the log will give. */
  logNextOffset: 'Log/Next Offset',
  /** DDATA, Int64: the offset of this record. Without it a reading is live only and cannot be committed. */
  logOffset: 'Log/Offset',
  /** DDATA, Int64, only where it is not `Log/Offset` − 1: the offset of the record before this one in the log (a damaged or dropped stretch lies between). */
  logPreviousOffset: 'Log/Previous Offset',
  /** NDATA and NBIRTH, Int64: records waiting for a commit. */
  logBacklog: 'Log/Backlog',
  /** NBIRTH, String: version of the agent program. */
  agentVersion: 'Properties/Agent Version',
  /** NDATA and NBIRTH, String: the agent's faults as JSON `[{"device":"ups1","kind":"unreachable","message":"…"}]`, `[]` when well. */
  agentFaults: 'Properties/Faults',
  /** NDATA and NBIRTH, String: addresses that the agent sees in its network, as JSON `[[IPv4, MAC or "", device id or ""], …]`. */
  neighbours: 'Properties/Neighbours',
} as const

/**
 * DBIRTH and DCMD, String: what people set for the device on the server, as JSON (`deviceSettingsSchema` in shared/model). The birth says what the agent
 * has, so the server can repeat what did not arrive. Outputs (`PROPERTY.isWritable`) are switched by a DCMD with their own metric.
 */
export const DEVICE_SETTINGS = 'Device Control/Settings'

/** Property keys on the metrics of a DBIRTH. */
export const PROPERTY = {
  /** PointKind. */
  kind: 'kind',
  /** UCUM code. */
  unit: 'engUnit',
  /** The physical range outside of which a value cannot be true. */
  low: 'engLow',
  high: 'engHigh',
  /** What the line is built for, in the point's unit (120 V, 60 Hz), where the device says so. */
  nominal: 'nominal',
  /** Expected interval between readings, ms. */
  intervalMs: 'intervalMs',
  /** Display names, on points and on `Device/Info`; English may be missing. */
  nameZh: 'nameZh',
  nameEn: 'nameEn',
  /** True on a point that a DCMD with its own metric may set: a relay, a beacon. */
  isWritable: 'isWritable',
  /** DBIRTH, on `Device/Info`: maker, model, room proposed by the agent's configuration. */
  maker: 'maker',
  model: 'model',
  room: 'room',
  /** Sparkplug's own quality property: 192 good, 0 bad, 500 stale (specification 6.4.15). */
  quality: 'Quality',
  /** Why the quality is bad: a BadReason. */
  reason: 'reason',
} as const

/** Metric of every DBIRTH that carries the device's own properties; its value is the device's display name. */
export const DEVICE_INFO = 'Device/Info'

/** Quality codes of Sparkplug. */
export const QUALITY_CODE = { good: 192, bad: 0, stale: 500 } as const
