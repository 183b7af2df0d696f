import type { ThermalRunning } from '@roomkeeper/shared/http'
import { useQuery } from '@tanstack/react-query'
import { type ComponentType, lazy, Suspense } from 'react'
import { queries } from '../../client/api.ts'
import { loadTexts } from '../../i18n/index.ts'

/** Loads a part with its texts; after an update of the server the file may be gone, and what is around it must stay. */
function lazily<Props extends object>(load: () => Promise<ComponentType<Props>>) {
  return lazy(async (): Promise<{ default: ComponentType<Props> }> => {
    try {
      const [part] = await Promise.all([load(), loadTexts('thermal')])
      return { default: part }
    } catch {
      return { default: () => null }
    }
  })
}
const Panel = lazily<{ roomId: number }>(async () => (await import('./ThermalPanel.tsx')).ThermalPanel)
const Line = lazily<{ running: ThermalRunning }>(async () => (await import('./CountdownLine.tsx')).CountdownLine)
const Band = lazily<{ running: ThermalRunning }>(async () => (await import('./CountdownLine.tsx')).CountdownBand)

/** Pushed when it changes, each ten seconds while it lasts; asked again for when a push was missed. */
function useRunning(): readonly ThermalRunning[] {
  const { data } = useQuery({ ...queries.thermal.running.queryOptions(), refetchInterval: 15_000 })
  return (data as readonly ThermalRunning[] | undefined) ?? []
}

/** On the room's page. */
export function ThermalLazily({ roomId }: { roomId: number }) {
  return (
    <Suspense>
      <Panel roomId={roomId} />
    </Suspense>
  )
}

/** Nothing while the room has cooling and mains. */
export function CountdownLineLazily({ roomId }: { roomId: number | null }) {
  const running = useRunning().find((one) => one.roomId === roomId)
  return (
    running && (
      <Suspense>
        <Line running={running} />
      </Suspense>
    )
  )
}

/** On the wall: one band for each of its rooms that runs hot, at most two. */
export function CountdownBandsLazily({ rooms }: { rooms: readonly { id: number }[] }) {
  const running = useRunning().filter(({ roomId }) => rooms.some(({ id }) => id === roomId))
  return (
    <Suspense>
      {running.slice(0, 2).map((one) => (
        <Band key={one.roomId} running={one} />
      ))}
    </Suspense>
  )
}
