import type { Block, Cell, TableColumn } from '../document.ts'
import { numberText, type ReportWords } from '../words.ts'
import type { RoomPeriod } from './load-period.ts'
import type { UpsHealth } from './ups-health.ts'

const number = (value: number | null, digits = 1): Cell => (value === null ? '—' : { text: numberText(value, digits), number: value })
const right = (title: string, width = 1): TableColumn => ({ title, width, align: 'right' })
/** The measured runtime may be so much shorter than the claimed one before it is marked. */
const CLAIM_TOLERANCE = 0.8
/** A battery that is due within so long is marked. */
const SOON_MS = 90 * 86_400_000

/** UPSes and power of a room: how often the mains failed, what the batteries are worth, what was used. */
export function* powerBlocks(
  { kinds, discharges, ups, power }: RoomPeriod,
  untilMs: number,
  words: ReportWords,
): Generator<Block, void, undefined> {
  const charge = kinds.find(({ kind }) => kind === 'battery-charge')?.now.min
  if (discharges.length > 0 || charge || ups.length > 0) {
    yield { kind: 'heading', level: 2, text: words.of({ zh: 'UPS', en: 'UPS' }) }
    const lowest = charge
      ? words.of({
          zh: `；最低电量 ${charge.value} %（${words.time(charge.atMs)}）`,
          en: `; lowest charge ${charge.value} % (${words.time(charge.atMs)})`,
        })
      : ''
    yield {
      kind: 'paragraph',
      text: words.of({
        zh: `放电 ${discharges.length} 次${lowest}。`,
        en: `${discharges.length} ${discharges.length === 1 ? 'discharge' : 'discharges'}${lowest}.`,
      }),
    }
    if (discharges.length > 0)
      yield {
        kind: 'table',
        columns: [
          { title: words.of({ zh: '设备', en: 'Device' }), width: 2 },
          { title: words.of({ zh: '开始', en: 'Began' }), width: 2 },
          { title: words.of({ zh: '时长（状态由 OL 变为 OB 起）', en: 'Lasted (from OL to OB until OB was gone)' }), width: 3 },
        ],
        rows: discharges.map(({ deviceName, atMs, lastedMs, goesOn, beganBefore }) => [
          deviceName,
          { text: `${beganBefore ? '≤ ' : ''}${words.time(atMs)}`, atMs },
          `${goesOn ? '≥ ' : ''}${words.duration(lastedMs)}`,
        ]),
      }
    if (ups.length > 0) yield* healthBlocks(ups, untilMs, words)
  }
  if (power.length === 0) return
  yield { kind: 'heading', level: 2, text: words.of({ zh: '用电', en: 'Power' }) }
  yield {
    kind: 'table',
    columns: [
      { title: words.of({ zh: '设备', en: 'Device' }), width: 2 },
      { title: words.of({ zh: '测点', en: 'Point' }), width: 2 },
      right(words.of({ zh: '平均功率 W', en: 'Mean W' })),
      right(words.of({ zh: '最大功率 W', en: 'Max W' })),
      right(words.of({ zh: '电能 kWh', en: 'Energy kWh' })),
      right(words.of({ zh: '上期 kWh', en: 'Before kWh' })),
      { title: words.of({ zh: '电能算法', en: 'Energy from' }), width: 1.6 },
    ],
    rows: power.map(({ deviceName, pointName, meanPower, maxPower, energy, energyBefore, isCounted }) => [
      deviceName,
      pointName,
      number(meanPower, 0),
      number(maxPower, 0),
      number(energy),
      number(energyBefore),
      isCounted
        ? words.of({ zh: '电表读数增量', en: 'growth of the meter' })
        : words.of({ zh: '平均功率×有读数时间', en: 'mean power × time with readings' }),
    ]),
  }
}

function* healthBlocks(ups: readonly UpsHealth[], untilMs: number, words: ReportWords): Generator<Block, void, undefined> {
  const minutes = (seconds: number | null): Cell => (seconds === null ? '—' : number(seconds / 60, 0))
  yield { kind: 'heading', level: 3, text: words.of({ zh: '电池', en: 'Batteries' }) }
  yield {
    kind: 'table',
    columns: [
      { title: words.of({ zh: '设备', en: 'Device' }), width: 2 },
      right(words.of({ zh: '实测次数', en: 'Discharges' }), 1),
      right(words.of({ zh: '满载续航实测（分钟）', en: 'At full load, measured (min)' }), 1.3),
      right(words.of({ zh: 'UPS 自称（分钟）', en: 'Claimed (min)' }), 1.1),
      { title: words.of({ zh: '电池启用', en: 'Installed' }), width: 1.1 },
      { title: words.of({ zh: '建议更换', en: 'To be replaced' }), width: 2.2 },
    ],
    rows: ups.map(({ deviceName, measured, learnedSeconds, claimedSeconds, installedMs, replacement }) => {
      const isShort = learnedSeconds !== null && claimedSeconds !== null && learnedSeconds < CLAIM_TOLERANCE * claimedSeconds
      const learned = minutes(learnedSeconds)
      return [
        deviceName,
        { text: String(measured), number: measured },
        isShort && learnedSeconds !== null
          ? { text: [{ text: numberText(learnedSeconds / 60, 0), tone: 'bad' }], number: learnedSeconds / 60 }
          : learned,
        minutes(claimedSeconds),
        installedMs === null ? '—' : words.date(installedMs),
        replacement === null ? '—' : replacementText(replacement, untilMs, words),
      ]
    }),
  }
  const text = words.of({
    zh: '实测：由真实放电推算的满电满载续航；红色表示不到 UPS 自称的八成。更换日期由容量下降或使用年限推算。“—”：还没有足够长的放电，或没有登记启用日期（在机房页登记）。',
    en: 'Measured: what a full charge carries at full load, from real discharges; red where it is under four fifths of what the UPS claims. The date is by falling capacity or by age. With —, no discharge was long enough yet, or the installation date is not entered (on the page of the room).',
  })
  yield { kind: 'paragraph', text: [{ text, tone: 'muted' }] }
}

function replacementText(
  { dueMs, earliestMs, latestMs, basis }: NonNullable<UpsHealth['replacement']>,
  untilMs: number,
  words: ReportWords,
): Cell {
  const month = (ms: number): string => words.date(ms).slice(0, 7)
  const by = words.of(basis === 'capacity' ? { zh: '按容量', en: 'by capacity' } : { zh: '按年限', en: 'by age' })
  const range = month(earliestMs) === month(latestMs) ? '' : `${month(earliestMs)} … ${month(latestMs)}`
  const why = words.of({ zh: [range, by].filter(Boolean).join('，'), en: [range, by].filter(Boolean).join(', ') })
  const text = words.of({ zh: `${month(dueMs)}（${why}）`, en: `${month(dueMs)} (${why})` })
  return dueMs - untilMs < SOON_MS ? { text: [{ text, tone: 'bad' }], atMs: dueMs } : { text, atMs: dueMs }
}
