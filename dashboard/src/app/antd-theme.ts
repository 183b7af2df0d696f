import { type ThemeConfig, theme } from 'antd'
import { useSyncExternalStore } from 'react'

const dark = window.matchMedia('(prefers-color-scheme: dark)')

function subscribe(listener: () => void): () => void {
  dark.addEventListener('change', listener)
  return () => dark.removeEventListener('change', listener)
}

/** antd follows the same colours as theme.css; dark follows the system. */
export function useAntdTheme(): ThemeConfig {
  const isDark = useSyncExternalStore(subscribe, () => dark.matches)
  return {
    algorithm: isDark ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: {
      colorPrimary: isDark ? '#4d97cb' : '#1d5c8a',
      colorError: isDark ? '#d8323b' : '#b3141d',
      colorBgContainer: isDark ? '#18212a' : '#ffffff',
      colorBgElevated: isDark ? '#1f2a34' : '#ffffff',
      borderRadius: 4,
      fontFamily: 'var(--font)',
      fontSize: 14,
      controlHeight: 32,
      motionDurationMid: '0.1s',
      motionDurationSlow: '0.15s',
    },
  }
}
