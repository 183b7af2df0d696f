import type { RegisterDefinition } from '@roomkeeper/shared/registers'
import writeExcelFile, { type Sheet } from 'write-excel-file/node'
import type { RegisterColumn } from './register-columns.ts'

const HEADER = { fontWeight: 'bold' as const, backgroundColor: '#E6F0FA' }

/** An empty sheet to fill in: headers, an example in the first row; on a second sheet what each column takes. */
export async function importTemplate({ title }: Pick<RegisterDefinition, 'title'>, columns: readonly RegisterColumn[]): Promise<Buffer> {
  const header = columns.map(({ label, neededForNew }) => ({ value: neededForNew ? `${label.zh}*` : label.zh, type: String, ...HEADER }))
  const example = columns.map(({ example: value }) => ({ value: value === '' ? undefined : value, type: String }))
  const keys = columns.filter(({ required }) => required).map(({ label }) => label)
  const notes = [
    ['列', 'Column', '必填', '填写要求', 'What it takes'].map((value) => ({ value, type: String, ...HEADER })),
    ...columns.map(({ label, neededForNew, allowed }) =>
      [label.zh, label.en, neededForNew ? '是 / yes' : '', allowed.zh, allowed.en].map((value) => ({ value, type: String })),
    ),
    [],
    [{ value: `示例行请删除；空白单元格不改动原有内容；“${keys.map(({ zh }) => zh).join('、')}”相同的行视为同一条记录。`, type: String }],
    [
      {
        value: `Delete the example row. An empty cell changes nothing. Rows with the same ${keys.map(({ en }) => `“${en}”`).join(' and ')} are the same record.`,
        type: String,
      },
    ],
  ]
  return await writeSheets([
    { sheet: title.zh, data: [header, example], columns: columns.map(() => ({ width: 18 })), stickyRowsCount: 1 },
    { sheet: '说明 Notes', data: notes, columns: [{ width: 20 }, { width: 26 }, { width: 10 }, { width: 60 }, { width: 60 }] },
  ])
}

/** Sheets as the bytes of an .xlsx file. */
export async function writeSheets(sheets: Sheet<never>[]): Promise<Buffer> {
  return await writeExcelFile(sheets).toBuffer()
}
