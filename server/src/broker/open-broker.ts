import { readFileSync } from 'node:fs'
import type { Logger } from 'pino'
import type { Db } from '../database/schema.ts'
import type { Broker } from './broker.ts'
import { createVerifier } from './credentials.ts'
import { createEmbeddedBroker } from './embedded-broker.ts'
import { createOutsideBroker } from './outside-broker.ts'

export interface OpenBrokerOptions {
  config: { mqttUrl?: string | undefined; mqttCa?: string | undefined; mqttHost: string; mqttPort: number; hostId: string }
  db: Db
  log: Logger
  clock: { nowMs(): number }
}

/** The broker the configuration names: an outside one by its address, or the embedded one. `port`: where the embedded one listens. */
export async function openBroker({ config, db, log, clock }: OpenBrokerOptions): Promise<{ broker: Broker; port: number | undefined }> {
  const { hostId } = config
  if (config.mqttUrl)
    return { broker: createOutsideBroker({ url: config.mqttUrl, ca: caOf(config.mqttCa), hostId, log, clock }), port: undefined }
  const broker = await createEmbeddedBroker({
    host: config.mqttHost,
    port: config.mqttPort,
    hostId,
    verify: createVerifier(db),
    log,
    clock,
  })
  return { broker, port: broker.port }
}

/** The PEM text of the broker's authority. Throws when the file cannot be read. */
function caOf(file: string | undefined): string | undefined {
  return file === undefined ? undefined : readFileSync(file, 'utf8')
}
