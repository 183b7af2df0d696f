import { placeKey } from '../patch-links.ts'
import type { RowKind, SheetFields } from './decide-rows.ts'

const text = (fields: SheetFields, key: string): string => String(fields[key] ?? '')

/** Rows of the IP table; `isPlaced`: there is a subnet for the address. */
export function addressRows(isPlaced: (address: string) => boolean): RowKind {
  return {
    keyOf: (fields) => text(fields, 'address'),
    nameOf: (fields) => text(fields, 'address'),
    titleOf: (fields) => text(fields, 'hostname'),
    complete: (values) => ({ ...values, state: text(values, 'state') || 'used' }),
    problemOf: (fields) =>
      isPlaced(text(fields, 'address'))
        ? undefined
        : {
            key: 'address',
            message: { zh: '不在任何已登记的网段中：请先登记网段', en: 'It is in no subnet: write down the subnet first' },
          },
  }
}

/** Rows of switch ports; `labels`: whose port each label is, by place. Labels are given away row by row. */
export function portRows(labels: ReadonlyMap<string, string>): RowKind {
  const taken = new Map(labels)
  const placeOf = (fields: SheetFields) => placeKey(text(fields, 'switchName'), text(fields, 'port'))
  const nameOf = (fields: SheetFields) => `${text(fields, 'switchName')} ${text(fields, 'port')}`
  return {
    keyOf: placeOf,
    nameOf,
    titleOf: (fields) => [text(fields, 'peer'), text(fields, 'peerPort')].filter(Boolean).join(' '),
    complete: (values) => ({
      ...values,
      label: text(values, 'label') || `${text(values, 'switchName')}-${text(values, 'port')}`,
      state: text(values, 'state') || (text(values, 'peer') === '' ? 'free' : 'used'),
    }),
    problemOf: (fields, before) => {
      const [label, place] = [text(fields, 'label'), placeOf(fields)]
      if (placeKey(text(fields, 'peer'), text(fields, 'peerPort')) === place)
        return { key: 'peer', message: { zh: '端口不能接到自己', en: 'A port cannot be patched to itself' } }
      const owner = taken.get(label)
      if (owner !== undefined && owner !== place) {
        const name = owner.replace('\n', ' ')
        return { key: 'label', message: { zh: `标签已用于 ${name}，不可重复`, en: `The label is on ${name}; each only once` } }
      }
      if (before && text(before, 'label') !== label) taken.delete(text(before, 'label'))
      taken.set(label, place)
      return undefined
    },
  }
}
