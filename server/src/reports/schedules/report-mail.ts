import { plainText } from '../document.ts'
import type { PeriodData } from '../period/load-period.ts'
import { roomSentence } from '../period/room-sentence.ts'
import type { ReportWords } from '../words.ts'

/** Rooms named in the mail; the files name all. */
const MOST_ROOMS = 30

export interface MadeFile {
  name: string
  size: number
}

/** What stands in the mail: what each room's report says first, so that nobody need open a file to know that all was well. */
export function reportMailText(
  data: PeriodData,
  { title, files, startedBy, words }: { title: string; files: readonly MadeFile[]; startedBy: string | null; words: ReportWords },
): string {
  const { span, rooms, spells, spellsBefore } = data
  const last = words.date(span.toMs - 1)
  const dates = words.date(span.fromMs) === last ? last : `${words.date(span.fromMs)} — ${last}`
  const more = rooms.length - MOST_ROOMS
  return [
    words.of({ zh: `${title}（${dates}）`, en: `${title} (${dates})` }),
    '',
    ...(data.problem === undefined
      ? []
      : [words.of({ zh: '读数库没有应答，本报告的读数不全。', en: 'The readings store did not answer: this report is incomplete.' })]),
    ...rooms.slice(0, MOST_ROOMS).map((room) => plainText(roomSentence(room, data, words))),
    ...(more > 0 ? [words.of({ zh: `另有 ${more} 个机房，见附件。`, en: `${more} more rooms: see the file.` })] : []),
    words.of({
      zh: `告警 ${spells.length} 次，上期 ${spellsBefore.length} 次。`,
      en: `Alarms: ${spells.length}; in the period before: ${spellsBefore.length}.`,
    }),
    '',
    words.of({ zh: '文件：', en: 'Files:' }),
    ...files.map(({ name, size }) => `- ${name} (${sizeText(size)})`),
    '',
    startedBy === null
      ? words.of({ zh: '按计划自动发送。', en: 'Sent by a schedule.' })
      : words.of({ zh: `由 ${startedBy} 手动发送。`, en: `Sent by ${startedBy}.` }),
  ].join('\n')
}

function sizeText(bytes: number): string {
  return bytes >= 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${Math.ceil(bytes / 1e3)} kB`
}
