import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { type Document, LineCounter, parseDocument } from 'yaml'
import { type ConfigProblem, locate } from '../config/problem.ts'
import { WrongInput } from './wrong-input.ts'

/** The file behind `--map`: a list of points, or a map with `points` and further keys of the driver (maker, model, pauseMs). */
export interface RegisterMap {
  fileName: string
  keys: Record<string, unknown>
  /** Adds line and column to a problem of one of these keys. */
  place(problem: ConfigProblem): ConfigProblem
}

/** Reads a register map; what it holds is checked by the driver's schema. Throws a WrongInput. */
export function readRegisterMap(path: string): RegisterMap {
  const fileName = basename(path)
  const text = textOf(path)
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const [error] = document.errors
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0])
    throw new WrongInput(`${fileName}:${line}:${col} 不是有效的 YAML · not valid YAML: ${error.message}`)
  }
  const content: unknown = document.toJS()
  const isList = Array.isArray(content)
  if (!isList && (typeof content !== 'object' || content === null || !('points' in content)))
    throw new WrongInput(`${fileName}: 应为测点列表，或带 points 的键值表 · must be a list of points, or a map with the key points`)
  return {
    fileName,
    keys: isList ? { points: content } : (content as Record<string, unknown>),
    place: (problem) => located(problem, document, lines, isList),
  }
}

/** In a file that is only the list, `points` itself is not written. */
function located(problem: ConfigProblem, document: Document, lines: LineCounter, isList: boolean): ConfigProblem {
  const { line, column } = locate({ ...problem, path: isList ? problem.path.slice(1) : problem.path }, document, lines)
  return { ...problem, line, column }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new WrongInput(`--map: 无法读取 · cannot be read: ${(error as Error).message}`)
  }
}
