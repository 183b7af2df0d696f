import { unknownWord } from '../config/problem.ts'
import { WrongInput } from './wrong-input.ts'

/** `host` and, when it is said, `port`. Throws a WrongInput without a host. */
export function hostOf(url: URL, form: string): { host: string; port?: number } {
  // An IPv6 address has brackets in a URL only.
  const host = decoded(url.hostname, form).replace(/^\[(.*)\]$/, '$1')
  if (host === '') throw new WrongInput(`缺少主机地址 · the host is missing; 格式 · written as: ${form}`)
  return { host, ...(url.port !== '' && { port: Number(url.port) }) }
}

/** The parts of the path; at most `most`, or a WrongInput. The path is not repeated: a community with a slash would be in it. */
export function pathParts(url: URL, most: number, form: string): string[] {
  const parts = url.pathname
    .split('/')
    .filter((part) => part !== '')
    .map((part) => decoded(part, form))
  if (parts.length > most)
    throw new WrongInput(`路径太长 · the path has too many parts (write / within a part as %2F); 格式 · written as: ${form}`)
  return parts
}

/** The query as a map; a parameter that is not `allowed`, or is there twice, is a WrongInput. Values are not repeated: they may be secret. */
export function queryOf(url: URL, allowed: readonly string[], form: string): Map<string, string> {
  const query = new Map<string, string>()
  for (const [name, value] of url.searchParams) {
    if (!allowed.includes(name)) throw new WrongInput(noParameter(name, allowed, form))
    if (query.has(name)) throw new WrongInput(`参数重复 · ?${name}= is there twice; 格式 · written as: ${form}`)
    query.set(name, value)
  }
  return query
}

/** `user@` is refused where the protocol has none; a password never belongs into a URL. */
export function refuseUser(url: URL, form: string): void {
  if (url.username !== '' || url.password !== '')
    throw new WrongInput(`此处不接受用户名和密码 · there is no user or password here; 格式 · written as: ${form}`)
}

/** Text with %-escapes. The text itself is not repeated in the message: it may be a secret. */
export function decoded(text: string, form: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new WrongInput(`百分号转义有误 · a %-escape is not valid (write % as %25); 格式 · written as: ${form}`)
  }
}

function noParameter(name: string, allowed: readonly string[], form: string): string {
  const known = allowed.length === 0 ? '不接受参数 · no parameters are allowed' : unknownWord(name, allowed)
  return `?${name}=: ${known}; 格式 · written as: ${form}`
}
