/** What the page needs of an OpenAPI document. */
interface ApiDocument {
  info: { title: string; version: string; description?: string | undefined }
  paths?: object | undefined
}

interface Operation {
  tags?: string[]
  summary?: string
  parameters?: { name: string; in: string; required?: boolean; schema?: unknown }[]
  requestBody?: { content?: Record<string, { schema?: unknown }> }
  responses?: Record<string, { description?: string; content?: Record<string, { schema?: unknown }> }>
  'x-permission'?: string
  'x-roles'?: string[]
}

type Answers = [status: string, response: NonNullable<Operation['responses']>[string]][]

/** The API's documentation as one page without scripts or foreign files, made from the OpenAPI document. */
export function renderDocsPage(document: ApiDocument): string {
  const byTag = new Map<string, string[]>()
  for (const [path, operations] of Object.entries((document.paths ?? {}) as Record<string, Record<string, Operation>>))
    for (const [method, operation] of Object.entries(operations)) {
      const tag = operation.tags?.[0] ?? ''
      byTag.set(tag, [...(byTag.get(tag) ?? []), renderOperation(method, path, operation)])
    }
  const tags = [...byTag.keys()]
  return `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(document.info.title)} API</title><style>${STYLE}</style></head><body>
<h1>${escapeHtml(document.info.title)} API <small>${escapeHtml(document.info.version)}</small></h1>
<p>${escapeHtml(document.info.description ?? '')}</p>
<p>登录后使用会话 Cookie，或使用 <code>Authorization: Bearer …</code> 令牌。OpenAPI 3.1：<a href="/api/openapi.json">/api/openapi.json</a><br>
Use the session cookie after signing in, or a token as <code>Authorization: Bearer …</code>.</p>
<nav>${tags.map((tag) => `<a href="#${escapeHtml(tag)}">${escapeHtml(tag)}</a>`).join(' · ')}</nav>
${tags.map((tag) => `<h2 id="${escapeHtml(tag)}">${escapeHtml(tag)}</h2>${(byTag.get(tag) ?? []).join('')}`).join('')}
</body></html>`
}

function renderOperation(method: string, path: string, operation: Operation): string {
  const parameters = operation.parameters ?? []
  const body = operation.requestBody?.content?.['application/json']?.schema
  // The refusals look the same everywhere: code, message and data, as the document says in full.
  const [successes, refusals] = [true, false].map((isSuccess) =>
    Object.entries(operation.responses ?? {}).filter(([status]) => status.startsWith('2') === isSuccess),
  ) as [Answers, Answers]
  const parts = [
    `<p>权限 / permission: <b>${escapeHtml(operation['x-permission'] ?? '')}</b> ${escapeHtml((operation['x-roles'] ?? []).join(', '))}</p>`,
    parameters.length === 0
      ? ''
      : `<table><tr><th>参数 / parameter</th><th></th><th></th></tr>${parameters.map(renderParameter).join('')}</table>`,
    body === undefined ? '' : `<h4>请求 / request</h4>${renderSchema(body)}`,
    ...successes.map(([status, response]) => {
      const schema = response.content?.['application/json']?.schema
      return `<h4>${escapeHtml(status)}</h4>${schema === undefined ? '' : renderSchema(schema)}`
    }),
    refusals.length === 0 ? '' : `<p>也可能回答 / may also answer: ${escapeHtml(refusals.map(([status]) => status).join(', '))}</p>`,
  ]
  return `<details><summary><b class="${escapeHtml(method)}">${escapeHtml(method.toUpperCase())}</b> <code>/api${escapeHtml(path)}</code> ${escapeHtml(
    operation.summary ?? '',
  )}</summary>${parts.join('')}</details>`
}

function renderParameter(parameter: NonNullable<Operation['parameters']>[number]): string {
  const required = parameter.required === true ? '必填 / required' : ''
  return `<tr><td><code>${escapeHtml(parameter.name)}</code> (${escapeHtml(parameter.in)})</td><td>${required}</td><td><code>${escapeHtml(
    JSON.stringify(parameter.schema ?? {}),
  )}</code></td></tr>`
}

function renderSchema(schema: unknown): string {
  return `<pre>${escapeHtml(JSON.stringify(schema, null, 2))}</pre>`
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

const STYLE = `body{font:15px/1.6 system-ui,sans-serif;max-width:70em;margin:2em auto;padding:0 1em;color:#1f2933}
summary{cursor:pointer;padding:.3em 0}pre{background:#f4f6f8;padding:.8em;overflow:auto;max-height:30em;font-size:13px}
details{border-bottom:1px solid #e3e8ee}table{border-collapse:collapse}td,th{text-align:left;padding:.2em .8em .2em 0}
b.get{color:#0b7285}b.post{color:#2b8a3e}b.put{color:#b35900}b.delete{color:#c92a2a}`
