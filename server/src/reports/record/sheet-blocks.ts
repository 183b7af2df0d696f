import type { ChangeCurve, SheetMeasurement, VisitSheet, Words } from '@roomkeeper/shared/registers'
import { unitSymbol } from '@roomkeeper/shared/units'
import type { Block } from '../document.ts'
import { numberText, type ReportWords } from '../words.ts'

/** What the server wrote into a record: measured values, alarms, contradictions, curves before and after. Parts that are not there give nothing. */
export function* sheetBlocks(sheet: Readonly<Record<string, unknown>>, words: ReportWords): Generator<Block, void, undefined> {
  const { inAtMs, outAtMs, escort, doorOpenings } = sheet as VisitSheet
  const visit: [string, string][] = [
    ...(inAtMs === undefined ? [] : [[words.of({ zh: '进入', en: 'In' }), words.time(inAtMs)] as [string, string]]),
    ...(outAtMs === undefined ? [] : [[words.of({ zh: '离开', en: 'Out' }), words.time(outAtMs)] as [string, string]]),
    ...(escort === undefined ? [] : [[words.of({ zh: '陪同', en: 'Escort' }), escort] as [string, string]]),
    ...(doorOpenings === undefined ? [] : [[words.of({ zh: '开门次数', en: 'Door openings' }), String(doorOpenings)] as [string, string]]),
  ]
  if (visit.length > 0) {
    yield { kind: 'heading', level: 3, text: words.of({ zh: '进出', en: 'In and out' }) }
    yield { kind: 'facts', facts: visit }
  }
  const measured = listOf<SheetMeasurement>(sheet.measured ?? sheet.readings)
  if (measured.length > 0) {
    yield { kind: 'heading', level: 3, text: words.of({ zh: '系统自动填写的读数', en: 'Readings filled in by the system' }) }
    yield measuredTable(measured, words)
  }
  const alarms = listOf<{ text: Words; raisedAtMs: number }>(sheet.openAlarms ?? sheet.alarms)
  if (alarms.length > 0) {
    yield { kind: 'heading', level: 3, text: words.of({ zh: '告警', en: 'Alarms' }) }
    yield {
      kind: 'table',
      columns: [
        { title: words.of({ zh: '发生', en: 'Raised' }), width: 1.5 },
        { title: words.of({ zh: '告警', en: 'Alarm' }), width: 5 },
      ],
      rows: alarms.map(({ text, raisedAtMs }) => [{ text: words.time(raisedAtMs), atMs: raisedAtMs }, words.of(text)]),
    }
  }
  const contradictions = listOf<{ message: Words }>(sheet.contradictions)
  for (const { message } of contradictions)
    yield {
      kind: 'paragraph',
      text: [
        { text: words.of({ zh: '不一致：', en: 'Contradiction: ' }), bold: true, tone: 'bad' },
        { text: words.of(message), tone: 'bad' },
      ],
    }
  const curves = listOf<ChangeCurve>(sheet.curves)
  if (curves.length > 0) {
    yield { kind: 'heading', level: 3, text: words.of({ zh: '变更前后的读数', en: 'Readings before and after' }) }
    yield curvesTable(curves, words)
  }
}

function listOf<T>(value: unknown): readonly T[] {
  return Array.isArray(value) ? (value as T[]) : []
}

function measuredTable(measured: readonly SheetMeasurement[], words: ReportWords): Block {
  const number = (value: number | null) => (value === null ? '—' : { text: numberText(value), number: value })
  return {
    kind: 'table',
    columns: [
      { title: words.of({ zh: '测量', en: 'Measured' }), width: 2 },
      { title: words.of({ zh: '单位', en: 'Unit' }), width: 1 },
      { title: words.of({ zh: '最新', en: 'Latest' }), width: 1, align: 'right' },
      { title: words.of({ zh: '最低', en: 'Min' }), width: 1, align: 'right' },
      { title: words.of({ zh: '最高', en: 'Max' }), width: 1, align: 'right' },
      { title: words.of({ zh: '平均', en: 'Mean' }), width: 1, align: 'right' },
      { title: words.of({ zh: '在限值内', en: 'In limits' }), width: 1.2, align: 'right' },
    ],
    rows: measured.map(({ label, unit, latest, min, max, mean, inLimits }) => [
      words.of(label),
      unitSymbol(unit),
      number(latest),
      number(min),
      number(max),
      number(mean),
      inLimits === null ? '—' : { text: `${(inLimits * 100).toFixed(1)} %`, number: inLimits },
    ]),
  }
}

function curvesTable(curves: readonly ChangeCurve[], words: ReportWords): Block {
  const range = (points: readonly [number, number | null][]): string => {
    const values = points.flatMap(([, value]) => (value === null ? [] : [value]))
    return values.length === 0 ? '—' : `${numberText(Math.min(...values))} … ${numberText(Math.max(...values))}`
  }
  return {
    kind: 'table',
    columns: [
      { title: words.of({ zh: '测点', en: 'Point' }), width: 3 },
      { title: words.of({ zh: '单位', en: 'Unit' }), width: 1 },
      { title: words.of({ zh: '变更前', en: 'Before' }), width: 2 },
      { title: words.of({ zh: '变更后', en: 'After' }), width: 2 },
    ],
    rows: curves.map(({ name, unit, before, after }) => [name, unitSymbol(unit), range(before), range(after)]),
  }
}
