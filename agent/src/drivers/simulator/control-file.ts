import { readFile } from 'node:fs/promises'
import type { Logger } from 'pino'
import { parseControls, type ScenarioControls } from './scenarios.ts'

/** The scenarios asked for by a JSON file, looked at in every scan. A missing file asks for nothing; a wrong one keeps the last word and is logged once per content. */
export class ControlFile {
  readonly path: string
  private text = ''
  private controls: ScenarioControls = {}

  constructor(path: string) {
    this.path = path
  }

  async look(log: Logger): Promise<ScenarioControls> {
    const text = await readText(this.path)
    if (text === this.text) return this.controls
    this.text = text
    try {
      this.controls = text.trim() === '' ? {} : parseControls(text)
    } catch (error) {
      log.warn({ controlFile: this.path, reason: String(error) }, 'the control file is not understood; scenarios stay as they are')
    }
    return this.controls
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch {
    return ''
  }
}
