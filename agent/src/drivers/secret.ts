import { readFile } from 'node:fs/promises'
import { DriverError } from './driver.ts'

/** Where a secret is: in agent.yaml itself, the first line of a file, or a variable of the environment. */
export interface SecretPlace {
  text?: string
  file?: string
  env?: string
}

/**
 * Reads a secret of a device when the device is opened, so that a changed file counts at the next attempt. This is the one place where a
 * driver looks into the environment: the variable's name is written in agent.yaml. Rejects with a DriverError `configuration`.
 */
export async function readSecret(option: string, { text, file, env }: SecretPlace): Promise<string | undefined> {
  if (file !== undefined) return (await readOwnFile(`${option}File`, file)).split(/\r?\n/)[0]
  if (env === undefined) return text
  const value = process.env[env]
  if (!value) throw new DriverError('configuration', `${option}Env: 环境变量未设置 · the variable ${env} is not set`)
  return value
}

/** Reads a file that agent.yaml names. Rejects with a DriverError `configuration`. */
export async function readOwnFile(option: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new DriverError('configuration', `${option}: 无法读取 · cannot be read: ${(cause as Error).message}`, { cause })
  }
}
