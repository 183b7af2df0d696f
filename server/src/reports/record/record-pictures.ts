import type { Block } from '../document.ts'
import { fileBytes } from './load-record.ts'
import type { RecordPaper } from './record-blocks.ts'

/** Photos and drawn signatures of fields, in the definition's order. Struck-out ones are named, not shown. */
export async function* pictureBlocks({ db, definition, record, words }: RecordPaper): AsyncGenerator<Block, void, undefined> {
  // Drawn signatures of moves stand with the signatures.
  const signed = new Set(record.signatures.map(({ fileId }) => fileId))
  const own = record.files.filter(({ id }) => !signed.has(id))
  if (own.length === 0) return
  yield { kind: 'heading', level: 2, text: words.of({ zh: '照片与手写签名', en: 'Photos and drawn signatures' }) }
  for (const file of own) {
    const field = definition.fields.find(({ key }) => key === file.fieldKey || file.fieldKey.startsWith(`${key}.`))
    const label = field ? words.of(field.label) : file.fieldKey
    const about = `${label} · ${file.name} · ${file.by} ${words.time(file.atMs)} · SHA-256 ${file.sha256.slice(0, 16)}…`
    if (file.removedAtMs !== null) {
      const removed = words.of({ zh: '已作废', en: 'struck out' })
      yield {
        kind: 'paragraph',
        text: [
          { text: about, struck: true, tone: 'muted' },
          { text: `  ${removed}: ${file.removedBy ?? ''} ${words.time(file.removedAtMs)} ${file.removedReason ?? ''}`, tone: 'bad' },
        ],
      }
      continue
    }
    const isSignature = field?.type === 'signature'
    yield await pictureOrName(about, file, () => fileBytes(db, file.id), isSignature, words.language)
  }
}

/** A picture that cannot be put on paper is named with its whole hash, so that nobody takes the paper for complete. */
export async function pictureOrName(
  caption: string,
  file: { name: string; type: string; sha256: string },
  bytes: () => Promise<Uint8Array>,
  isSignature: boolean,
  language: 'zh' | 'en',
): Promise<Block> {
  const notPrinted = (reason: { zh: string; en: string }): Block => ({
    kind: 'paragraph',
    text: [
      { text: `${caption}\n` },
      {
        text:
          language === 'zh'
            ? `此图片未能印在纸上（${reason.zh}），请在系统中查看。文件 ${file.name}，SHA-256 ${file.sha256}`
            : `This picture is not on paper (${reason.en}); see it in the system. File ${file.name}, SHA-256 ${file.sha256}`,
        tone: 'bad',
      },
    ],
  })
  if (file.type === 'image/webp') return notPrinted({ zh: 'WebP 格式', en: 'WebP format' })
  const data = await bytes()
  if (!isPrintable(data)) return notPrinted({ zh: '文件不完整', en: 'damaged file' })
  return { kind: 'picture', bytes: data, maxWidth: isSignature ? 160 : 330, maxHeight: isSignature ? 64 : 240, caption }
}

/** The first bytes of a JPEG or PNG, and the end it must have: half a picture would end the whole report. */
function isPrintable(data: Uint8Array): boolean {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength)
  if (bytes.length > 57 && bytes.subarray(0, 8).toString('hex') === '89504e470d0a1a0a') return bytes.includes('IEND')
  return bytes.length > 100 && bytes[0] === 0xff && bytes[1] === 0xd8 && bytes.includes(Buffer.from([0xff, 0xd9]))
}
