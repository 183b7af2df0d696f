import { QueryClientProvider } from '@tanstack/react-query'
import { ConfigProvider } from 'antd'
import { RouterProvider } from 'react-router'
import { useExternalStore } from '../client/external-store.ts'
import { queryClient } from '../client/query-client.ts'
import { antdLocaleStore } from '../i18n/index.ts'
import { Toasts } from '../ui/toasts.tsx'
import { useAntdTheme } from './antd-theme.ts'
import { router } from './routes.tsx'

export function App() {
  const locale = useExternalStore(antdLocaleStore)
  return (
    <ConfigProvider locale={locale} theme={useAntdTheme()} button={{ autoInsertSpace: false }}>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
        <Toasts />
      </QueryClientProvider>
    </ConfigProvider>
  )
}
