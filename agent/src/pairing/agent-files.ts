import { constants } from 'node:fs'
import { access, chown, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import type { Paired } from '@roomkeeper/shared/http'
import { type Document, isMap, parseDocument } from 'yaml'
import { WrongInput } from '../discovery/wrong-input.ts'

/** Beside agent.yaml, under its name. */
interface Places {
  config: string
  password: string
  ca: string
}

function placesOf(config: string): Places {
  const stem = basename(config).replace(/\.ya?ml$/, '')
  const folder = dirname(resolve(config))
  return { config: resolve(config), password: join(folder, `${stem}.password`), ca: join(folder, `${stem}.broker-ca.pem`) }
}

export interface AgentFiles {
  places: Places
  /** Writes password, authority and agent.yaml; each is whole or as it was. */
  write(paired: Paired, server: URL): Promise<void>
}

/**
 * Reads what is there, and tries whether it can be written, before the code is spent. Throws a WrongInput when agent.yaml is no YAML map or
 * its folder cannot be written.
 */
export async function openAgentFiles(config: string): Promise<AgentFiles> {
  const places = placesOf(config)
  const folder = dirname(places.config)
  try {
    await access(folder, constants.W_OK)
  } catch (error) {
    throw new WrongInput(`${folder}: 无法写入 · cannot be written: ${(error as Error).message}`)
  }
  const text = await readFile(places.config, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw new WrongInput(`${places.config}: 无法读取 · cannot be read: ${error.message}`)
  })
  const existing = text === undefined ? undefined : parseExisting(text, places.config)
  return {
    places,
    write: async (paired, server) => {
      const owner = await ownerOf(places.config, folder)
      await replaceFile(places.password, `${paired.mqtt.password}\n`, 0o600, owner)
      if (paired.mqtt.ca !== null) await replaceFile(places.ca, paired.mqtt.ca, 0o644, owner)
      const document = existing ?? parseDocument(newConfig(paired))
      fillIn(document, paired, server, places)
      await replaceFile(places.config, document.toString({ lineWidth: 0 }), owner.mode ?? 0o600, owner)
    },
  }
}

function parseExisting(text: string, path: string): Document {
  const document = parseDocument(text)
  if (document.errors.length > 0) throw new WrongInput(`${path}: 不是有效的 YAML · not valid YAML: ${document.errors[0]?.message}`)
  if (document.contents !== null && !isMap(document.contents)) throw new WrongInput(`${path}: 应为“键: 值” · must be a map of keys`)
  // Only comments so far: nothing could be set into it.
  if (document.contents === null) document.contents = document.createNode({}) as unknown as typeof document.contents
  return document as Document
}

/** Sets the keys that the server decides; everything else, and every comment, stays. */
function fillIn(document: Document, { site, node, primaryHost, mqtt }: Paired, server: URL, places: Places): void {
  document.setIn(['site'], site)
  document.setIn(['node'], node)
  document.setIn(['primaryHost'], primaryHost)
  document.setIn(['server'], server.origin)
  if (!isMap(document.get('mqtt'))) document.setIn(['mqtt'], document.createNode({}))
  document.setIn(['mqtt', 'url'], brokerUrl(mqtt, server))
  document.setIn(['mqtt', 'username'], mqtt.username)
  document.setIn(['mqtt', 'passwordFile'], basename(places.password))
  document.deleteIn(['mqtt', 'password'])
  // The broker ties the client id to the user name.
  document.deleteIn(['mqtt', 'clientId'])
  if (mqtt.ca === null) document.deleteIn(['mqtt', 'ca'])
  else document.setIn(['mqtt', 'ca'], basename(places.ca))
  if (!document.has('dataDir')) document.setIn(['dataDir'], 'data')
}

function brokerUrl({ protocol, host, port }: Paired['mqtt'], server: URL): string {
  return `${protocol}://${host ?? server.hostname}:${port}`
}

function newConfig({ room }: Paired): string {
  return `# 机房管家采集器配置，由配对生成 · Roomkeeper agent, made by pairing.
# 每个键的错误都会指出行号和允许的值：roomkeeper agent check · Every mistake is answered with key, line and what is allowed.

site: ""              # 院区 · Sparkplug group
node: ""              # 本采集器，院区内唯一 · this agent, unique in the site
mqtt:                 # 由配对填写，再次配对会更新 · filled in by pairing; pairing again renews it
  url: ""
primaryHost: ""       # 服务器的 Sparkplug 主机名 · the server's host id
server: ""            # 服务器网页，体检时对时用 · the server's page, by which doctor compares the clock
dataDir: data         # 读数日志，断网时数据保存在此 · readings wait here while the server is away

# 设备：用 roomkeeper agent discover <url> 得到可粘贴的配置 · Devices: "roomkeeper agent discover <url>" prints lines to paste here. e.g.
#
# devices:
#   - id: ups1                    # 唯一，不要改动 · unique; keep it, history hangs on it
#     driver: snmp                # nut, snmp, modbus, sysfs …
#     name: { zh: 主 UPS, en: Main UPS }
#     room: ${JSON.stringify(room ?? '主机房')}
#     host: 192.0.2.10
#     version: 2c
#     community: public
devices: []           # 换成上面这样的列表 · replace [] by lines as above
`
}

/** Who owns what is there: root pairs, but the agent has to read the files under its own user. */
async function ownerOf(config: string, folder: string): Promise<{ uid: number; gid: number; mode?: number }> {
  const file = await stat(config).catch(() => undefined)
  if (file) return { uid: file.uid, gid: file.gid, mode: file.mode & 0o777 }
  const { uid, gid } = await stat(folder)
  return { uid, gid }
}

/** A new file in place of the old one, durable before it gets the name. */
async function replaceFile(path: string, text: string, mode: number, { uid, gid }: { uid: number; gid: number }): Promise<void> {
  const temporary = `${path}.new`
  try {
    await rm(temporary, { force: true })
    const file = await open(temporary, 'wx', mode)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    if (process.getuid?.() === 0) await chown(temporary, uid, gid)
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined)
    throw error
  }
}
