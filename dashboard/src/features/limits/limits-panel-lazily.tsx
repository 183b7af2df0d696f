import type { Point } from '@roomkeeper/shared/http'
import { type ComponentType, lazy, Suspense } from 'react'
import { loadTexts } from '../../i18n/index.ts'
import { Loading } from '../../ui/states.tsx'

const Nothing = (_props: { point: Point }) => null

const LimitsPanel = lazy(async (): Promise<{ default: ComponentType<{ point: Point }> }> => {
  try {
    const [part] = await Promise.all([import('./LimitsPanel.tsx'), loadTexts('limits')])
    return { default: part.LimitsPanel }
  } catch {
    // After an update of the server the file may be gone; the point around it must stay.
    return { default: Nothing }
  }
})

/** `LimitsPanel`, loaded when it is first shown. */
export function LimitsLazily({ point }: { point: Point }) {
  return (
    <Suspense fallback={<Loading />}>
      <LimitsPanel point={point} />
    </Suspense>
  )
}
