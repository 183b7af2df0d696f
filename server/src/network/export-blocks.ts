import type { Address, Port } from '@roomkeeper/shared/http'
import type { Words } from '@roomkeeper/shared/registers'
import type { Block, Cell, StickerLabel, TableColumn } from '../reports/document.ts'
import type { ReportWords } from '../reports/words.ts'
import type { AddressBook } from './address-rows.ts'
import { ADDRESS_STATE_WORDS, ADDRESS_WORDS, CONFLICT_WORDS, PATCH_PROBLEM_WORDS, PORT_STATE_WORDS, PORT_WORDS } from './words.ts'

const MORE = {
  subnet: { zh: '网段', en: 'Subnet' },
  seen: { zh: '采集器所见', en: 'Seen by agents' },
  differences: { zh: '与实际不一致', en: 'Differs from reality' },
  linked: { zh: '另一端登记', en: 'Linked from' },
  patching: { zh: '跳线问题', en: 'Patching' },
  table: { zh: 'IP 地址表', en: 'IP table' },
  unlisted: { zh: '未登记的地址', en: 'Not in the table' },
  subnets: { zh: '网段表', en: 'Subnets' },
  ports: { zh: '交换机端口', en: 'Switch ports' },
  name: { zh: '名称', en: 'Name' },
  vlan: { zh: 'VLAN', en: 'VLAN' },
  gateway: { zh: '网关', en: 'Gateway' },
  purpose: { zh: '用途', en: 'Purpose' },
  note: { zh: '备注', en: 'Note' },
} satisfies Record<string, Words>

/**
 * The IP table as sheets. The first one has the headers of the import and holds only what is written down, so that it can be changed and read in again;
 * what agents see beside it is on a second sheet.
 */
export async function* addressBlocks(
  { subnets, addresses }: AddressBook,
  subnetId: number | undefined,
  words: ReportWords,
): AsyncGenerator<Block> {
  const own = addresses.filter((one) => subnetId === undefined || one.subnetId === subnetId)
  const seenOf = ({ seen }: Address) =>
    seen.map((one) => [one.source, one.name, one.mac, words.time(one.lastSeenMs)].filter(Boolean).join(' ')).join('\n')
  const conflictsOf = ({ conflicts }: Address) => conflicts.map((one) => words.of(CONFLICT_WORDS[one])).join('、')
  const cidrOf = (address: Address) => subnets.find(({ id }) => id === address.subnetId)?.cidr ?? ''
  yield* sheet(
    MORE.table,
    [...Object.values(ADDRESS_WORDS), MORE.subnet, MORE.seen, MORE.differences],
    own
      .filter(({ id }) => id !== null)
      .map((one) => [
        ...[one.address, words.of(ADDRESS_STATE_WORDS[one.state]), one.hostname, one.mac, one.department, one.custodian],
        ...[one.assetNumber ?? '', one.note, cidrOf(one), seenOf(one), conflictsOf(one)],
      ]),
    words,
  )
  yield* sheet(
    MORE.unlisted,
    [ADDRESS_WORDS.address, MORE.subnet, MORE.seen, MORE.differences],
    own.filter(({ id }) => id === null).map((one) => [one.address, cidrOf(one), seenOf(one), conflictsOf(one)]),
    words,
  )
  yield* sheet(
    MORE.subnets,
    [MORE.subnet, MORE.name, MORE.vlan, MORE.gateway, MORE.purpose, MORE.note],
    subnets
      .filter(({ id }) => subnetId === undefined || id === subnetId)
      .map(({ cidr, name, vlan, gateway, purpose, note }) => [cidr, name, vlan === null ? '' : String(vlan), gateway ?? '', purpose, note]),
    words,
  )
}

/** Switch ports as a sheet with the headers of the import. */
export async function* portBlocks(ports: readonly Port[], words: ReportWords): AsyncGenerator<Block> {
  yield* sheet(
    MORE.ports,
    [...Object.values(PORT_WORDS), MORE.linked, MORE.patching],
    ports.map((one) => [
      ...[one.switchName, one.port, one.label, words.of(PORT_STATE_WORDS[one.state]), one.peer, one.peerPort, one.vlan, one.cable],
      ...[one.roomName ?? '', one.assetNumber ?? '', one.note],
      one.ends
        .filter(({ portId }) => portId !== null)
        .map(endText)
        .join('、'),
      one.patchProblems.map((problem) => words.of(PATCH_PROBLEM_WORDS[problem])).join('、'),
    ]),
    words,
  )
}

/** A sticker for each port. */
export async function* labelBlocks(ports: readonly Port[]): AsyncGenerator<Block> {
  const labels = ports.map(({ switchName, port, label, ends: [end] }): StickerLabel => {
    return { title: switchName, big: port, code: label, foot: end ? `→ ${endText(end)}` : '' }
  })
  yield { kind: 'labels', labels }
}

function endText({ name, port }: Port['ends'][number]): string {
  return [name, port].filter(Boolean).join(' ')
}

function* sheet(name: Words, headers: readonly Words[], rows: Cell[][], words: ReportWords): Generator<Block> {
  yield { kind: 'sheet', name: words.of(name), frozenRows: 1 }
  yield { kind: 'table', columns: headers.map((header): TableColumn => ({ title: words.of(header), width: 1 })), rows }
}
