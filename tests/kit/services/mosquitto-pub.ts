import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const MOSQUITTO_PUB_PATH = '/usr/bin/mosquitto_pub'
/** Debian's package is `mosquitto-clients`. */
export const MOSQUITTO_PUB_PROGRAMS: readonly string[] = [MOSQUITTO_PUB_PATH]

/** Publishes one message by mosquitto_pub; resolves when the broker has taken it (QoS 1). An empty retained one deletes what was kept. */
export async function mosquittoPub(port: number, topic: string, payload: string | Record<string, unknown>, retain = false): Promise<void> {
  const message = typeof payload === 'string' ? payload : JSON.stringify(payload)
  const content = message === '' ? ['-n'] : ['-m', message]
  await promisify(execFile)(MOSQUITTO_PUB_PATH, [
    '-h',
    '127.0.0.1',
    '-p',
    String(port),
    '-q',
    '1',
    '-t',
    topic,
    ...(retain ? ['-r'] : []),
    ...content,
  ])
}
