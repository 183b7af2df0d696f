import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Words } from '@roomkeeper/shared/registers'
import { verifyAudit } from '../audit/audit.ts'
import type { ServerConfig } from '../config/settings.ts'
import { openUnchanged, SCHEMA_VERSION } from '../database/database.ts'
import { fontFiles } from '../reports/pdf/fonts.ts'
import { databaseLocation } from './clause-report.ts'

/** What one check found. note: nothing is wrong, but somebody should know. */
export interface Finding {
  name: 'configuration' | 'data-folder' | 'disk' | 'database' | 'audit' | 'fonts' | 'dashboard'
  title: Words
  state: 'good' | 'note' | 'bad'
  /** Chinese / English. */
  text: string
}

/** A year of 1,000 points each 10 s is about 10 GB: with less than this people should look, with less than the second nothing can be promised. */
const LOW_DISK_BYTES = 5e9
const FULL_DISK_BYTES = 500e6
const DASHBOARD_INDEX = fileURLToPath(new URL('../../../dashboard/dist/index.html', import.meta.url))

/** Looks at an installation without changing it; the server may run or not. */
export async function checkInstallation(config: ServerConfig): Promise<Finding[]> {
  const configuration: Finding = {
    name: 'configuration',
    title: { zh: '配置', en: 'configuration' },
    state: 'good',
    text: `有效 / is valid (HTTP ${config.httpPort}, MQTT ${config.mqttUrl === undefined ? config.mqttPort : 'outside broker'})`,
  }
  return [configuration, ...checkDataFolder(config.dataDir), ...(await checkDatabase(config)), checkFonts(), checkDashboard()]
}

function checkDataFolder(dataDir: string): Finding[] {
  const folder = { name: 'data-folder', title: { zh: '数据目录', en: 'data folder' } } as const
  if (!existsSync(dataDir))
    return [{ ...folder, state: 'note', text: `${dataDir} 还没有，首次启动时创建 / is not there yet, the first start makes it` }]
  try {
    if (!statSync(dataDir).isDirectory()) return [{ ...folder, state: 'bad', text: `${dataDir} 不是目录 / is no folder` }]
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    return [{ ...folder, state: 'bad', text: `${dataDir} 不能读写 / cannot be read and written: ${(error as Error).message}` }]
  }
  const isOpen = (statSync(dataDir).mode & 0o077) !== 0
  return [
    isOpen
      ? { ...folder, state: 'note', text: `${dataDir} 其他用户可以读取，建议 chmod 700 / can be read by others: chmod 700` }
      : { ...folder, state: 'good', text: dataDir },
    checkDisk(dataDir),
  ]
}

function checkDisk(dataDir: string): Finding {
  const { bavail, bsize, blocks } = statfsSync(dataDir)
  const freeBytes = bavail * bsize
  const gigabytes = (bytes: number): string => (bytes / 1e9).toFixed(1)
  const text = `剩余 ${gigabytes(freeBytes)} GB，共 ${gigabytes(blocks * bsize)} GB / free of all`
  const state = freeBytes < FULL_DISK_BYTES ? 'bad' : freeBytes < LOW_DISK_BYTES ? 'note' : 'good'
  return { name: 'disk', title: { zh: '磁盘空间', en: 'disk space' }, state, text }
}

async function checkDatabase(config: ServerConfig): Promise<Finding[]> {
  const database = { name: 'database', title: { zh: '数据库', en: 'database' } } as const
  const { location, isThere } = databaseLocation(config)
  if (!isThere)
    return [{ ...database, state: 'note', text: `${location} 还没有，首次启动时创建 / is not there yet, the first start makes it` }]
  // Never the URL itself: it holds a password.
  const shown = config.databaseUrl === undefined ? location : 'PostgreSQL'
  try {
    const { db, version } = await openUnchanged(location)
    try {
      if (version > SCHEMA_VERSION)
        return [
          {
            ...database,
            state: 'bad',
            text: `${shown} 的结构 ${version} 比本程序的 ${SCHEMA_VERSION} 新，请用更新的程序 / has schema ${version}, newer than this program's ${SCHEMA_VERSION}: use the newer program`,
          },
        ]
      if (version < SCHEMA_VERSION)
        return [
          {
            ...database,
            state: 'note',
            text: `${shown} 的结构 ${version}，下次启动服务器时升级到 ${SCHEMA_VERSION} / has schema ${version}, the next start of the server brings it to ${SCHEMA_VERSION}`,
          },
        ]
      const opened: Finding = { ...database, state: 'good', text: `${shown}，结构 / schema ${version}` }
      const audit = { name: 'audit', title: { zh: '审计链', en: 'audit chain' } } as const
      const { ok, rows, head, brokenAtSeq } = await verifyAudit(db)
      return [
        opened,
        ok
          ? { ...audit, state: 'good', text: `${rows} 条完整 / rows are whole, ${head.slice(0, 16)}…` }
          : { ...audit, state: 'bad', text: `第 ${brokenAtSeq} 条被改动过 / row ${brokenAtSeq} was tampered with` },
      ]
    } finally {
      await db.destroy()
    }
  } catch (error) {
    return [{ ...database, state: 'bad', text: `${shown} 打不开 / cannot be opened: ${(error as Error).message}` }]
  }
}

function checkFonts(): Finding {
  const fonts = { name: 'fonts', title: { zh: '报表字体', en: 'fonts of reports' } } as const
  try {
    const { regular, bold } = fontFiles()
    const megabytes = ((regular.length + bold.length) / 1e6).toFixed(1)
    return { ...fonts, state: 'good', text: `Noto Sans SC, ${megabytes} MB` }
  } catch (error) {
    return {
      ...fonts,
      state: 'bad',
      text: `找不到字体，PDF 无法生成，请重新安装 / not there, PDFs cannot be made: install anew (${(error as Error).message})`,
    }
  }
}

function checkDashboard(): Finding {
  const dashboard = { name: 'dashboard', title: { zh: '网页', en: 'dashboard' } } as const
  return existsSync(DASHBOARD_INDEX)
    ? { ...dashboard, state: 'good', text: '已构建 / is built' }
    : { ...dashboard, state: 'bad', text: '未构建，请运行 npm run build / is not built: npm run build' }
}
