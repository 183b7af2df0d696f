import { type Limit, limitSchema } from '@roomkeeper/shared/model'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { judgeAlarms, seenExcursions, standingStretches } from '../../../tests/kit/alarm-oracle.ts'
import { Simulation } from '../../../tests/kit/ingest/simulated-server.ts'
import { PointJudge } from '../limits/point-judge.ts'

// One simulated agent, the real ingest, judges, alarms and committer: whatever is lost, refused, killed or asked for again on the way, in
// the end every record is stored, none was committed before, and every excursion was told once.

const PROMPT: Limit = limitSchema.parse({ condition: 'high', value: 10, priority: 'high' })
const SLOW: Limit = limitSchema.parse({ condition: 'high', value: 10, onDelayMs: 2500, offDelayMs: 1500, priority: 'medium' })
const SCAN_MS = 1000

type Step =
  | { do: 'scans'; over: boolean; count: number; lost: boolean; hole: number; forgetsHole: boolean }
  | { do: 'replay'; count: number; lostAt: number }
  | { do: 'store'; count: number; at: number }
  | { do: 'writer'; isFull: boolean }
  | { do: 'flush' | 'commit' | 'tick' | 'kill' | 'start' | 'disconnect' | 'birth' }

const step = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constant('scans' as const),
      over: fc.boolean(),
      count: fc.integer({ min: 1, max: 4 }),
      lost: fc.boolean(),
      hole: fc.constantFrom(0, 0, 0, 0, 3),
      forgetsHole: fc.boolean(),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('replay' as const),
      count: fc.integer({ min: 1, max: 20 }),
      lostAt: fc.integer({ min: 0, max: 30 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('store' as const), count: fc.integer({ min: 1, max: 10 }), at: fc.nat({ max: 10 }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('writer' as const), isFull: fc.boolean() }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'flush' as const,
        'commit' as const,
        'commit' as const,
        'tick' as const,
        'kill' as const,
        'start' as const,
        'start' as const,
        'disconnect' as const,
        'birth' as const,
      ),
    }),
  },
)

async function run(simulation: Simulation, steps: readonly Step[]): Promise<void> {
  for (const step of steps) {
    await take(simulation, step)
    await expectCommittedIsStored(simulation)
  }
  await recover(simulation)
}

async function take(simulation: Simulation, step: Step): Promise<void> {
  const { agent } = simulation
  switch (step.do) {
    case 'scans':
      for (let i = 0; i < step.count; i++) {
        simulation.nowMs += SCAN_MS
        const options = { isLost: step.lost, hole: i === 0 ? step.hole : 0, forgetsHole: step.forgetsHole }
        agent.log(simulation.nowMs, [step.over ? 20 : 5, step.over ? 20 : 5], options)
      }
      return
    case 'writer':
      simulation.isWriterFull = step.isFull
      return
    case 'kill':
      simulation.kill()
      return
    case 'disconnect':
      agent.disconnect()
      return
    case 'start':
      if (simulation.isServerUp) return
      await simulation.startServer()
      agent.birth(simulation.nowMs)
      await simulation.settle()
      return
  }
  if (!simulation.isServerUp) return
  if (step.do === 'replay') agent.replay(simulation.nowMs, step.count, (index) => index === step.lostAt)
  if (step.do === 'store') simulation.store(step.count, (length) => step.at % length)
  if (step.do === 'flush') await simulation.flushAlarms()
  if (step.do === 'commit') await simulation.commit()
  if (step.do === 'tick') await simulation.tick()
  if (step.do === 'birth') {
    agent.birth(simulation.nowMs)
    await simulation.settle()
  }
}

async function expectCommittedIsStored(simulation: Simulation): Promise<void> {
  const committed = await simulation.committedOffset()
  const missing = simulation.agent.records.filter(({ offset }) => offset <= committed && !simulation.stored.has(offset))
  expect(missing.map(({ offset }) => offset)).toEqual([])
}

/** Nothing goes wrong any more: everything must be committed after a few seconds, with normal readings at the end. */
async function recover(simulation: Simulation): Promise<void> {
  const { agent } = simulation
  simulation.isWriterFull = false
  await take(simulation, { do: 'start' })
  if (!agent.isOnline) await take(simulation, { do: 'birth' })
  for (let second = 0; second < 20; second++) {
    await take(simulation, { do: 'scans', over: false, count: 1, lost: false, hole: 0, forgetsHole: false })
    await simulation.tick()
    agent.replay(simulation.nowMs, 10_000)
    simulation.store(10_000)
    await simulation.commit()
    await expectCommittedIsStored(simulation)
  }
}

async function expectAllTold(simulation: Simulation): Promise<void> {
  const { records } = simulation.agent
  let excursion = 0
  const readings = records.map(({ timeMs, values }, i) => {
    const isOver = (values[0] as number) > 10
    if (isOver && !((records[i - 1]?.values[0] ?? 0) > 10)) excursion++
    return { timeMs, excursion: isOver ? excursion : undefined }
  })
  const told = async (key: string) => (await simulation.transitionsOf(key)).flatMap(standingStretches).sort((a, b) => a.fromMs - b.fromMs)
  expect(judgeAlarms(seenExcursions(readings), await told('p0'), simulation.nowMs)).toEqual({
    lost: [],
    duplicate: [],
    uncleared: [],
    unfounded: [],
  })

  // With delays the expected alarms are those of a judge that saw every reading in order.
  const reference: { fromMs: number; toMs: number | undefined }[] = []
  const judge = new PointJudge([SLOW])
  for (const { timeMs, values } of records)
    judge.good(values[1] as number, timeMs, ({ kind, atMs }) => {
      if (kind === 'raise') reference.push({ fromMs: atMs, toMs: undefined })
      else (reference.at(-1) as { toMs: number | undefined }).toMs = atMs
    })
  const slow = await told('p1')
  for (const one of reference) {
    const stretches = slow.filter(({ fromMs, toMs }) => fromMs <= (one.toMs ?? Infinity) && (toMs ?? Infinity) >= one.fromMs)
    expect(stretches.length, `alarm of ${one.fromMs}–${one.toMs} among ${JSON.stringify(slow)}`).toBeGreaterThan(0)
  }
  expect(slow.filter(({ toMs }) => toMs === undefined)).toEqual([])
}

it('stores, commits and tells everything once, whatever goes wrong in between', { timeout: 300_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), async (steps) => {
      const simulation = await Simulation.start([[PROMPT], [SLOW]])
      try {
        await run(simulation, steps)
        expect(await simulation.committedOffset()).toBe(simulation.agent.nextOffset - 1)
        await expectAllTold(simulation)
      } finally {
        await simulation.dispose()
      }
    }),
    { numRuns: Number(process.env.RECOVERY_RUNS ?? 40) },
  )
})

// What the fault runs found, as the shortest way there.
const SCANS = { do: 'scans', count: 1, lost: false, hole: 0, forgetsHole: false } as const
const over: Step = { ...SCANS, over: true }
const normal: Step = { ...SCANS, over: false }
const lost: Step = { ...SCANS, over: true, lost: true }
const once = (what: 'flush' | 'commit' | 'tick' | 'kill' | 'start'): Step => ({ do: what })
const storeAll: Step = { do: 'store', count: 100, at: 0 }
const replayAll: Step = { do: 'replay', count: 100, lostAt: 1000 }

it.each<[string, Step[]]>([
  [
    'an alarm was durable and the server died before the commit; the excursion ended meanwhile',
    [normal, storeAll, once('commit'), over, once('flush'), once('kill'), normal, normal, once('start')],
  ],
  [
    'an alarm had cleared and the server died before the commit; the next excursion began meanwhile',
    [normal, over, storeAll, once('commit'), normal, once('flush'), once('kill'), over, once('start'), over],
  ],
  [
    'the server died while a replay was judged whose readings the store did not take',
    [
      normal,
      storeAll,
      once('commit'),
      once('kill'),
      normal,
      over,
      once('start'),
      replayAll,
      once('commit'),
      once('kill'),
      over,
      once('start'),
      over,
    ],
  ],
  [
    'the writer was full while an excursion came and went',
    [normal, { do: 'writer', isFull: true }, normal, over, over, normal, { do: 'writer', isFull: false }, over, normal],
  ],
  [
    'the log lost what was missing before a live run, and went on unseen',
    [over, { ...SCANS, over: false, hole: 3, forgetsHole: true }, { do: 'disconnect' }, storeAll, over, normal, once('commit'), normal],
  ],
  ['live records were lost twice', [normal, lost, over, lost, lost, over, normal]],
  [
    'a late excursion lies between two that one row tells of',
    [over, normal, once('flush'), lost, { ...SCANS, over: false, lost: true }, over, once('flush'), replayAll, normal],
  ],
])('%s', async (_what, steps) => {
  const simulation = await Simulation.start([[PROMPT], [SLOW]])
  try {
    await run(simulation, steps)
    await expectAllTold(simulation)
  } finally {
    await simulation.dispose()
  }
})
