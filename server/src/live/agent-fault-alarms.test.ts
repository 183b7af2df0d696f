import pino from 'pino'
import { expect, it } from 'vitest'
import type { Directory } from '../ingest/directory.ts'
import { NodeSession } from '../ingest/node-session.ts'
import { LiveValues } from './live-values.ts'
import { SilenceWatch } from './silence-watch.ts'

it("tells what an agent says of its own log, keeps that while the agent is away, and clears it with the agent's word", () => {
  const clock = { nowMs: () => 1e12 }
  const session = new NodeSession({ id: 7, site: 's', node: 'n', devices: new Map() }, pino({ level: 'silent' }), clock.nowMs())
  const told: string[] = []
  const makeWatch = (): SilenceWatch =>
    new SilenceWatch({
      clock,
      directory: { points: new Map() } as unknown as Directory,
      live: new LiveValues(),
      ingest: { sessions: new Map([['s/n', session]]), commands: { replayIfStalled: () => undefined } as never },
      alarms: { submit: ({ kind, signal }) => told.push(`${kind} ${signal.condition} of ${signal.source} ${signal.sourceId}`) },
    })
  const say = (watch: SilenceWatch, ...kinds: string[]): void => {
    session.faults = kinds.map((kind) => ({ device: null, kind, message: '' }))
    watch.tick()
  }
  const watch = makeWatch()
  session.isOnline = true
  say(watch, 'log-filling')
  say(watch, 'log-filling', 'log-thinned')
  say(watch, 'log-thinned')
  expect(told).toEqual(['raise log-filling of node 7'])
  // The server restarts, and the agent has not spoken yet.
  const again = makeWatch()
  again.start([{ source: 'node', sourceId: 7, condition: 'log-filling' }])
  session.isOnline = false
  say(again)
  expect(told).toHaveLength(1)
  session.isOnline = true
  say(again, 'log-unavailable')
  say(again)
  again.stop()
  expect(told.slice(1)).toEqual(['clear log-filling of node 7', 'raise log-unavailable of node 7', 'clear log-unavailable of node 7'])
})
