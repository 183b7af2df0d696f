import type { RegisterDefinition } from '@roomkeeper/shared/registers'
import type { AlarmStore } from '../alarms/alarm-store.ts'
import { beginShelves } from '../registers/change/change-behaviour.ts'
import { type ChangeCurvesDeps, refreshChanges } from '../registers/change/change-curves.ts'
import type { Registers } from '../registers/registers.ts'
import { expireVisits } from '../registers/visit/expire-visits.ts'
import { refreshVisits, type VisitSheetDeps } from '../registers/visit/visit-sheet.ts'
import type { UnknownDevices } from './unknown-devices.ts'

export type PaperWatchDeps = VisitSheetDeps &
  ChangeCurvesDeps & {
    registers: Pick<Registers, 'move' | 'definitions'>
    alarms: Pick<AlarmStore, 'reconcileSilence'>
    /** A device went out of service. */
    shelved(): void
    unknownDevices: Pick<UnknownDevices, 'look'>
  }

/** What the time brings to visits and changes. Every part is tried by itself: one that fails is logged, and tried again. */
export class PaperWatch {
  private readonly deps: PaperWatchDeps
  private readonly shelving: readonly RegisterDefinition[]

  constructor(deps: PaperWatchDeps) {
    this.deps = deps
    this.shelving = deps.registers.definitions.filter(({ shelves }) => shelves !== undefined)
  }

  /** Devices go out of service at the second that was approved: their alarms follow in the same turn. */
  async second(): Promise<void> {
    const { db, clock } = this.deps
    if (this.shelving.length > 0 && (await beginShelves(db, this.shelving, clock.nowMs()))) this.deps.shelved()
  }

  /** Never rejects. */
  async minute(): Promise<void> {
    const { log, unknownDevices } = this.deps
    const parts: [string, () => Promise<unknown>][] = [
      ['visits whose time is over', () => expireVisits(this.deps)],
      ['what rooms did during visits', () => refreshVisits(this.deps)],
      ...this.shelving.map((definition): [string, () => Promise<unknown>] => [
        `curves of ${definition.name}`,
        () => refreshChanges(this.deps, definition),
      ]),
      ['unknown devices', () => unknownDevices.look()],
    ]
    for (const [part, work] of parts)
      await work().catch((error: unknown) =>
        log.error({ module: 'paper', part, err: error }, 'a part of the paper watch failed; tried again'),
      )
  }
}
