import { type ComponentType, lazy, Suspense } from 'react'
import { loadTexts } from '../../i18n/index.ts'
import { Loading } from '../../ui/states.tsx'

const Nothing = (_props: { alarmId: number }) => null

const WhoWasTold = lazy(async (): Promise<{ default: ComponentType<{ alarmId: number }> }> => {
  try {
    const [part] = await Promise.all([import('./WhoWasTold.tsx'), loadTexts('notices')])
    return { default: part.WhoWasTold }
  } catch {
    // After an update of the server the file may be gone; the alarm or form around it must stay.
    return { default: Nothing }
  }
})

/** `WhoWasTold`, loaded when it is first shown. */
export function ToldLazily({ alarmId }: { alarmId: number }) {
  return (
    <Suspense fallback={<Loading />}>
      <WhoWasTold alarmId={alarmId} />
    </Suspense>
  )
}
