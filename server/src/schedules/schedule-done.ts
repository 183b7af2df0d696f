import type { Db } from '../database/schema.ts'

/** A record that left its first state: it fulfils its schedule (or, without one named, the one of its register and room). In the record's transaction. */
export async function scheduleDone(
  _transaction: Db,
  _record: { id: number; register: string; roomId: number | null; scheduleId: number | null },
  _atMs: number,
): Promise<void> {}
