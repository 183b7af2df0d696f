import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { GeneratorReport, GeneratorSettings } from './generator-process.ts'

export interface LoadGenerator {
  /** The newest report; undefined before the first. */
  last(): GeneratorReport | undefined
  rate(readingsPerSecond: number): void
  stop(): Promise<void>
}

/** Starts the generator as a process of its own, at rate 0. */
export function startLoadGenerator(settings: GeneratorSettings): LoadGenerator {
  const child = fork(fileURLToPath(new URL('./generator-process.ts', import.meta.url)), [JSON.stringify(settings)])
  let report: GeneratorReport | undefined
  child.on('message', (message) => {
    report = message as GeneratorReport
  })
  return {
    last: () => report,
    rate: (readingsPerSecond) => void child.send({ readingsPerSecond }),
    stop: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.send({ stop: true })
      await ended
    },
  }
}
