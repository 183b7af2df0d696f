import { createRoot } from 'react-dom/client'
import { App } from './app/App.tsx'
import { startI18n } from './i18n/index.ts'
import { startFocusReturn } from './ui/focus-return.ts'
import { startTheme } from './ui/theme.ts'
import './app/theme.css'

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')
startTheme()
startFocusReturn()
await startI18n()
createRoot(root).render(<App />)
