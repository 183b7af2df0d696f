import type { Port, PortEnd } from '@roomkeeper/shared/http'

/** What of a port its patching follows from. */
export type PatchedPort = Pick<Port, 'id' | 'switchName' | 'port' | 'peer' | 'peerPort'>

export interface Patching {
  ends: PortEnd[]
  patchProblems: Port['patchProblems']
}

/** How places are compared: people write GE1/0/1 and ge1/0/1. */
export function placeKey(name: string, port: string): string {
  return `${name.trim().toLowerCase()}\n${port.trim().toLowerCase()}`
}

/** Each port with all that it is patched to: what is written at it, and the ports at which it is written. A cable has two ends, so more than one place is a mistake. */
export function patchingOf(ports: readonly PatchedPort[]): Map<number, Patching> {
  const byPlace = new Map(ports.map((port) => [placeKey(port.switchName, port.port), port]))
  const found = new Map<number, Patching>(ports.map(({ id }) => [id, { ends: [], patchProblems: [] }]))
  const add = (id: number, end: PortEnd): void => {
    const ends = found.get(id)?.ends
    if (ends && !ends.some((one) => one.portId === end.portId && one.name === end.name && one.port === end.port)) ends.push(end)
  }
  const named = new Map<string, number[]>()
  // What is written at a port itself comes first.
  for (const { id, peer, peerPort } of ports) {
    if (peer === '') continue
    const place = placeKey(peer, peerPort)
    const other = byPlace.get(place)
    add(id, other ? endOf(other) : { portId: null, name: peer, port: peerPort })
    // A whole device, without saying which port of it, may well be named by many.
    if (peerPort !== '') named.set(place, [...(named.get(place) ?? []), id])
  }
  for (const port of ports) {
    const other = byPlace.get(placeKey(port.peer, port.peerPort))
    if (port.peer !== '' && other) add(other.id, endOf(port))
  }
  for (const { ends, patchProblems } of found.values()) if (ends.length > 1) patchProblems.push('two-ends')
  for (const ids of named.values()) if (ids.length > 1) for (const id of ids) found.get(id)?.patchProblems.push('same-end')
  return found
}

function endOf({ id, switchName, port }: PatchedPort): PortEnd {
  return { portId: id, name: switchName, port }
}
