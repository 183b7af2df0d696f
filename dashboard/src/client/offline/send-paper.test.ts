import type { WholeRecord } from '@roomkeeper/shared/http'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Paper, PaperFile } from './paper.ts'
import { adopt, type FailureKind, nextStep, type PaperStore, type RecordServer, type SendDeps, sendPaper } from './send-paper.ts'

class Failure extends Error {
  readonly kind: FailureKind
  constructor(kind: FailureKind) {
    super(kind)
    this.kind = kind
  }
}

const PHOTO = -1_700_000_000_000_123
const PAPER: Paper = {
  key: 'a'.repeat(32),
  register: 'inspection',
  accountId: 4,
  by: '王工',
  about: '一号机房',
  path: '/inspections/a',
  recordId: null,
  scheduleId: 2,
  beginWith: null,
  base: {},
  fields: { room: { id: 1, name: '一号机房' }, checklist: { dust: { result: 'abnormal', photos: [PHOTO] } } },
  revision: 0,
  seen: null,
  sheet: {},
  waiting: { move: 'submit', atMs: 5000, comment: '', drawing: 'data:image/png;base64,AA==', roomKey: 'k', wasOffline: true },
  trouble: null,
  unsentSinceMs: 4000,
  attempts: 0,
  activeMs: 0,
  touchedAtMs: 0,
}

/** One record at a server that takes everything, and whose answers or requests can be lost. */
function fakeServer() {
  let record: WholeRecord | undefined
  let fileId = 100
  const calls: string[] = []
  /** What the next calls meet, by name: `before`: the request is lost; `after`: only its answer. */
  const faults = new Map<string, { when: 'before' | 'after'; error: Failure }[]>()
  const step = (move: string | null, by: string, claimedAtMs: number | null) =>
    ({ kind: move ? 'move' : 'save', move, by, claimedAtMs, atMs: 1 }) as WholeRecord['steps'][number]
  function change(by: string, patch: Partial<WholeRecord>): WholeRecord {
    if (!record) throw new Error('no record')
    record = { ...record, ...patch, revision: record.revision + 1, changedBy: by }
    return record
  }
  async function through<T>(name: string, work: () => T): Promise<T> {
    calls.push(name)
    const fault = faults.get(name)?.shift()
    if (fault?.when === 'before') throw fault.error
    const result = structuredClone(work())
    if (fault?.when === 'after') throw fault.error
    return result
  }
  const server: RecordServer = {
    create: (paper) =>
      through('create', () => {
        const fields = JSON.parse(JSON.stringify(paper.fields).replace(String(PHOTO), '')) as Record<string, unknown>
        record ??= {
          id: 7,
          state: 'in-progress',
          revision: 1,
          fields,
          sheet: {},
          steps: [],
          files: [],
          changedBy: '王工',
        } as unknown as WholeRecord
        return record
      }),
    upload: (_paper, file) => through('file', () => ({ id: file.id === PHOTO ? 101 : ++fileId })),
    save: (paper) =>
      through('save', () => {
        if (record?.revision !== paper.revision || record.state !== 'in-progress') throw new Failure('conflict')
        return change('王工', { fields: structuredClone(paper.fields) })
      }),
    move: ({ revision, waiting }) =>
      through('move', () => {
        if (record?.state !== 'in-progress') throw new Failure('refused')
        if (record.revision !== revision) throw new Failure('conflict')
        const claimed = waiting.wasOffline ? waiting.atMs : null
        return change('王工', { state: 'signed', steps: [...record.steps, step('submit', '王工', claimed)] })
      }),
    get: () => through('get', () => record as WholeRecord),
  }
  return {
    server,
    calls,
    record: () => record as WholeRecord,
    fail: (name: string, when: 'before' | 'after', kind: FailureKind = 'network') =>
      void faults.set(name, [...(faults.get(name) ?? []), { when, error: new Failure(kind) }]),
    /** Somebody else at another screen. */
    other: (fields: Record<string, unknown>, state?: string) =>
      change('李工', {
        fields: { ...(record?.fields ?? {}), ...fields },
        ...(state ? { state, steps: [step('submit', '李工', null)] } : {}),
      }),
  }
}

function memoryStore(paper: Paper, photos: PaperFile[]) {
  const papers = new Map([[paper.key, paper]])
  const files = new Map(photos.map((photo) => [photo.id, photo]))
  const store: PaperStore = {
    get: async (key) => structuredClone(papers.get(key)),
    update: async (key, edit) => {
      const row = papers.get(key)
      if (!row) return undefined
      papers.set(key, edit(row))
      return papers.get(key)
    },
    files: async () => [...files.values()],
    removeFile: async (id) => void files.delete(id),
  }
  return { store, paper: () => papers.get(paper.key) as Paper, files }
}

describe('sending a paper', () => {
  let fake: ReturnType<typeof fakeServer>
  let kept: ReturnType<typeof memoryStore>
  let deps: SendDeps
  const begin = (paper: Paper = PAPER): void => {
    fake = fakeServer()
    kept = memoryStore(paper, [{ id: PHOTO, paperKey: PAPER.key, field: 'checklist', name: 'a.jpg', blob: new Blob(['x']) }])
    deps = {
      store: kept.store,
      server: fake.server,
      kindOf: (error) => (error instanceof Failure ? error.kind : 'refused'),
      troubleOf: (error) => ({ kind: 'refused', message: String(error), issues: [] }),
    }
  }
  const send = () => sendPaper(PAPER.key, deps)
  beforeEach(() => begin())

  it('begins, sends photos, saves and signs, in this order', async () => {
    expect(await send()).toMatchObject({ kind: 'moved', record: { state: 'signed' } })
    expect(fake.calls).toEqual(['create', 'file', 'save', 'move'])
    expect(fake.record().fields.checklist).toEqual({ dust: { result: 'abnormal', photos: [101] } })
    expect(fake.record().steps[0]?.claimedAtMs).toBe(5000)
    expect(kept.files.size).toBe(0)
    expect(kept.paper()).toMatchObject({ waiting: null, unsentSinceMs: null })
  })

  it.each([
    ['create', 'before'],
    ['create', 'after'],
    ['file', 'before'],
    ['file', 'after'],
    ['save', 'before'],
    ['save', 'after'],
    ['move', 'before'],
    ['move', 'after'],
  ] as const)('goes on where it was when the line breaks at %s, %s the server has it', async (name, when) => {
    fake.fail(name, when)
    expect(await send()).toEqual({ kind: 'later', reason: 'network' })
    expect(kept.paper()).toMatchObject({ trouble: null, attempts: 1 })
    expect(await send()).toMatchObject({ kind: 'moved' })
    expect(fake.record().steps.filter(({ kind }) => kind === 'move')).toHaveLength(1)
    expect(fake.record().fields.checklist).toEqual({ dust: { result: 'abnormal', photos: [101] } })
  })

  it('marks a move that could not go out at once with the time it was done', async () => {
    begin({ ...PAPER, waiting: { ...(PAPER.waiting as NonNullable<Paper['waiting']>), wasOffline: false } })
    fake.fail('move', 'before')
    await send()
    await send()
    expect(fake.record().steps[0]?.claimedAtMs).toBe(5000)
  })

  it('recognises its own move of before by its maker when the first try carried no time', async () => {
    begin({ ...PAPER, waiting: { ...(PAPER.waiting as NonNullable<Paper['waiting']>), wasOffline: false } })
    fake.fail('move', 'after')
    expect(await send()).toMatchObject({ kind: 'later' })
    expect(await send()).toMatchObject({ kind: 'moved' })
    expect(fake.record().steps).toHaveLength(1)
  })

  it('keeps everything while nobody is signed in', async () => {
    fake.fail('save', 'before', 'signed-out')
    expect(await send()).toEqual({ kind: 'later', reason: 'signed-out' })
    expect(kept.paper().waiting?.drawing).toBe(PAPER.waiting?.drawing)
    expect(await send()).toMatchObject({ kind: 'moved' })
  })

  it('asks the person to look again when somebody changed something before the signature arrived', async () => {
    fake.fail('move', 'before')
    await send()
    fake.other({ summary: '已通知维修' })
    expect(await send()).toMatchObject({ kind: 'trouble', trouble: { kind: 'conflict', by: '李工', clashes: [] } })
    expect(kept.paper().fields).toMatchObject({ summary: '已通知维修', checklist: { dust: { result: 'abnormal' } } })
    // Once looked at, it is signed as it now is.
    await kept.store.update(PAPER.key, (now) => ({ ...now, trouble: null, waiting: PAPER.waiting }))
    expect(await send()).toMatchObject({ kind: 'moved' })
  })

  it('names what both wrote, and keeps what was written here', async () => {
    fake.fail('save', 'before')
    await send()
    const mine = { dust: { result: 'abnormal', note: '有积灰', photos: [101] } }
    await kept.store.update(PAPER.key, (now) => ({ ...now, fields: { ...now.fields, checklist: mine } }))
    fake.other({ checklist: { dust: { result: 'abnormal', note: '已清扫' }, fire: { result: 'normal' } } })
    expect(await send()).toMatchObject({ kind: 'trouble', trouble: { kind: 'conflict', clashes: ['checklist.dust.note'] } })
    expect(kept.paper().fields.checklist).toMatchObject({ dust: { note: '有积灰' }, fire: { result: 'normal' } })
    expect(fake.record().fields.checklist).toMatchObject({ dust: { note: '已清扫' } })
  })

  it('takes in what others wrote elsewhere while nothing is signed', async () => {
    begin({ ...PAPER, waiting: null })
    fake.fail('save', 'before')
    await send()
    fake.other({ summary: '已通知维修' })
    expect(await send()).toEqual({ kind: 'sent' })
    expect(fake.record().fields).toMatchObject({ summary: '已通知维修', checklist: { dust: { photos: [101] } } })
  })

  it('comes back when somebody else signed it meanwhile, with nothing lost', async () => {
    fake.fail('save', 'before')
    await send()
    fake.other({}, 'signed')
    expect(await send()).toMatchObject({ kind: 'trouble', trouble: { kind: 'over', by: '李工', state: 'signed' } })
    expect(kept.paper().fields.checklist).toMatchObject({ dust: { result: 'abnormal' } })
    expect(await send()).toMatchObject({ kind: 'trouble' })
    expect(fake.calls.filter((name) => name === 'move')).toEqual([])
  })

  it('comes back with the reason when the server does not take it', async () => {
    fake.fail('move', 'before', 'refused')
    expect(await send()).toMatchObject({ kind: 'trouble', trouble: { kind: 'refused' } })
    expect(nextStep(kept.paper())).toBe('nothing')
    expect(kept.paper().fields.checklist).toMatchObject({ dust: { result: 'abnormal' } })
  })

  it('keeps what is typed while a save is under way', async () => {
    begin({ ...PAPER, waiting: null })
    const { save } = fake.server
    let isFirst = true
    fake.server.save = async (paper) => {
      if (isFirst) await kept.store.update(PAPER.key, (now) => ({ ...now, fields: { ...now.fields, summary: '补充' } }))
      isFirst = false
      return save(paper)
    }
    expect(await send()).toEqual({ kind: 'sent' })
    expect(fake.record().fields.summary).toBe('补充')
  })

  it('does without a photo whose bytes are gone', async () => {
    kept.files.clear()
    expect(await send()).toMatchObject({ kind: 'moved' })
    expect(fake.record().fields.checklist).toMatchObject({ dust: { photos: [] } })
  })

  it('does nothing for a paper that was discarded', async () => {
    expect(await sendPaper('b', deps)).toEqual({ kind: 'gone' })
  })

  it('a record read again brings what others wrote', async () => {
    begin({ ...PAPER, waiting: null })
    await send()
    const theirs = fake.other({ summary: '看过' })
    expect(await adopt(PAPER.key, theirs, deps)).toBeUndefined()
    expect(kept.paper().fields.summary).toBe('看过')
    expect(nextStep(kept.paper())).toBe('nothing')
  })
})
