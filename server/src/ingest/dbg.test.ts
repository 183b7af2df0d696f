import { limitSchema } from '@roomkeeper/shared/model'
import { it } from 'vitest'
import { Simulation } from '../../../tests/kit/ingest/simulated-server.ts'
import { PointJudge } from '../limits/point-judge.ts'
import { LogFrontier } from './log-frontier.ts'

it('x', async () => {
  const SLOW = limitSchema.parse({ condition: 'high', value: 10, onDelayMs: 0, offDelayMs: 0, priority: 'medium' })
  const d = LogFrontier.prototype.decide
  LogFrontier.prototype.decide = function (r) {
    const v = d.call(this, r)
    console.log(JSON.stringify(r), v, this.next)
    return v
  }
  const j = PointJudge.prototype.joinHistory
  PointJudge.prototype.joinHistory = function (h, s) {
    console.log('JOIN', JSON.stringify((this as any).judged[0].state), JSON.stringify((h as any).judged[0].state))
    return j.call(this, h, (e) => {
      console.log(e.kind, e.atMs % 1e6)
      s(e)
    })
  }
  const re = PointJudge.prototype.restart
  PointJudge.prototype.restart = function () {
    console.log('restart')
    re.call(this)
  }
  const s = await Simulation.start([[SLOW]])
  const scan = (v: number, isLost = false) => {
    s.nowMs += 1000
    s.agent.log(s.nowMs, [v], { isLost })
  }
  s.agent.log((s.nowMs += 1000), [20]); s.agent.log((s.nowMs += 1000), [5], { hole: 3, forgetsHole: true })
  s.agent.disconnect(); s.store(1); scan(20); scan(5); await s.commit(); scan(5)
  s.agent.birth(s.nowMs); await s.settle()
  for (let i = 0; i < 8; i++) { scan(5); await s.tick(); s.agent.replay(s.nowMs, 100); s.store(100); await s.commit() }
  console.log(await s.transitionsOf('p0'))
})
