import type { RecordFile } from '@roomkeeper/shared/http'
import type { CheckAnswer, ChecklistItem, ChecklistValue, InspectionSheet, SheetBeside } from '@roomkeeper/shared/registers'
import type { UploadTarget } from '../photos/photo-uploads.ts'

/** How an item's photos are kept. */
export interface ChecklistPhotos {
  /** Of the record. */
  files: readonly RecordFile[]
  targetOf: (itemKey: string) => UploadTarget
  strikeOut?: (fileId: number, reason: string) => Promise<unknown>
}

export interface ItemGroup {
  /** First item's heading; undefined: none. */
  heading: ChecklistItem['group']
  items: ChecklistItem[]
}

/** Items under their headings, in the order in which they come. */
export function groupsOf(items: readonly ChecklistItem[]): ItemGroup[] {
  const groups: ItemGroup[] = []
  for (const item of items) {
    const last = groups.at(-1)
    if (last && last.heading?.zh === item.group?.zh) last.items.push(item)
    else groups.push({ heading: item.group, items: [item] })
  }
  return groups
}

export function checklistOf(value: unknown): ChecklistValue {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as ChecklistValue) : {}
}

/** Nothing more is asked of the item. */
export function isAnswered(item: ChecklistItem, answer: CheckAnswer | undefined): boolean {
  if (!answer?.result) return false
  if (answer.result === 'not-applicable') return true
  if (answer.result === 'abnormal' && !answer.note?.trim()) return false
  if (item.measured && (answer.measured === undefined || answer.measured === null)) return false
  return !item.photo || (answer.photos?.length ?? 0) > 0
}

export interface Progress {
  answered: number
  abnormal: number
  total: number
  /** The first item that is still open. */
  firstOpen: string | undefined
}

export function progressOf(items: readonly ChecklistItem[], value: ChecklistValue): Progress {
  const open = items.filter((item) => !isAnswered(item, value[item.key]))
  return {
    answered: items.length - open.length,
    abnormal: items.filter(({ key }) => value[key]?.result === 'abnormal').length,
    total: items.length,
    firstOpen: open[0]?.key,
  }
}

/** What an inspector reads off: one decimal. */
export function readOff(value: number): number {
  return Math.round(value * 10) / 10
}

/** Items that stand in the record's sheet. */
export function sheetItems(sheet: Readonly<Record<string, unknown>>): readonly ChecklistItem[] | undefined {
  return Array.isArray(sheet.items) ? (sheet.items as ChecklistItem[]) : undefined
}

/** Where people and sensors say different things. */
export function sheetContradictions(sheet: Readonly<Record<string, unknown>>): InspectionSheet['contradictions'] {
  return Array.isArray(sheet.contradictions) ? (sheet.contradictions as InspectionSheet['contradictions']) : []
}

/** By item: what the sensors say beside it. */
export function sheetBeside(sheet: Readonly<Record<string, unknown>>): Readonly<Record<string, SheetBeside>> {
  return typeof sheet.beside === 'object' && sheet.beside !== null ? (sheet.beside as Record<string, SheetBeside>) : {}
}
