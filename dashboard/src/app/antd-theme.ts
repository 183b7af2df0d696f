import { type ThemeConfig, theme } from 'antd'
import { useIsDark } from '../ui/theme.ts'
import { useIsPhone } from '../ui/use-phone.ts'

/** antd follows the same colours as theme.css. */
export function useAntdTheme(): ThemeConfig {
  const isDark = useIsDark()
  const isPhone = useIsPhone()
  return {
    algorithm: isDark ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: {
      colorPrimary: isDark ? '#3f7fae' : '#1d5c8a',
      colorLink: isDark ? '#6fb2e3' : '#1d5c8a',
      // Placeholders: antd's own are too pale for WCAG AA.
      colorTextQuaternary: isDark ? '#93a0ad' : '#66717c',
      colorError: isDark ? '#d8323b' : '#b3141d',
      colorBgContainer: isDark ? '#18212a' : '#ffffff',
      colorBgElevated: isDark ? '#1f2a34' : '#ffffff',
      borderRadius: 4,
      fontFamily: 'var(--font)',
      fontSize: 14,
      // What a finger hits: 44 px, in dense rows 36.
      controlHeight: isPhone ? 44 : 32,
      ...(isPhone && { controlHeightSM: 36, controlHeightLG: 48 }),
      motionDurationMid: '0.1s',
      motionDurationSlow: '0.15s',
    },
    components: {
      // The ground of a switch that is off, under white letters.
      Switch: { colorTextQuaternary: isDark ? '#5b6875' : '#66717c' },
      // antd's own are black, and white on almost white.
      Segmented: isDark ? { trackBg: '#0b1117', itemSelectedBg: '#2b3a48' } : { trackBg: '#dde4ea' },
    },
  }
}
