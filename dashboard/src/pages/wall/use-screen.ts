import { useEffect } from 'react'

export function toggleFullScreen(): void {
  const done = document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen?.()
  // A browser may refuse; the wall then stays as large as its window.
  done?.catch(() => undefined)
}

/** Keeps the monitor from going dark. The browser lets go when the tab is hidden, so it is asked again each time it is seen. */
export function useWakeLock(): void {
  useEffect(() => {
    if (!('wakeLock' in navigator)) return
    let sentinel: WakeLockSentinel | undefined
    let isOver = false
    const ask = async () => {
      if (document.hidden || (sentinel && !sentinel.released)) return
      // Refused on low battery or outside of HTTPS: the monitor's own settings decide then.
      const given = await navigator.wakeLock.request('screen').catch(() => undefined)
      if (isOver) await given?.release()
      else sentinel = given
    }
    const onVisible = () => void ask()
    void ask()
    document.addEventListener('visibilitychange', onVisible)
    return () => {
      isOver = true
      document.removeEventListener('visibilitychange', onVisible)
      void sentinel?.release()
    }
  }, [])
}

export type WallKey = 'next' | 'previous' | 'pause' | 'fullScreen'
const KEYS: Record<string, WallKey> = { ArrowRight: 'next', ArrowLeft: 'previous', ' ': 'pause', f: 'fullScreen', F: 'fullScreen' }

/** `onKey` must stay the same function. */
export function useWallKeys(onKey: (key: WallKey) => void): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const key = KEYS[event.key]
      if (!key || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return
      // Space presses the button that has the focus.
      if (event.key === ' ' && event.target instanceof HTMLButtonElement) return
      event.preventDefault()
      onKey(key)
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [onKey])
}
