import type { Db } from '../database/schema.ts'
import { REPORT_TYPES } from '../reports/send-report.ts'
import type { NoticeFile } from './channels/channel.ts'
import type { NoticeDetail } from './outbox.ts'
import type { OutboxRow } from './outbox-claims.ts'

/** What goes with a notice, in order. A file that was dropped meanwhile is left out: a report is sent within two days or never. */
export async function noticeFilesOf(db: Db, { detailJson }: Pick<OutboxRow, 'detailJson'>): Promise<NoticeFile[]> {
  const { fileIds = [] } = JSON.parse(detailJson) as NoticeDetail
  if (fileIds.length === 0) return []
  const rows = await db
    .selectFrom('reportFile')
    .select(['name', 'format', 'data'])
    .where('id', 'in', [...fileIds])
    .orderBy('id')
    .execute()
  return rows.flatMap(({ name, format, data }) =>
    data === null ? [] : [{ name, type: REPORT_TYPES[format === 'xlsx' ? 'xlsx' : 'pdf'], bytes: data }],
  )
}
