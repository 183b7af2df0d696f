import { readFileSync } from 'node:fs'
import { ROLE_NAMES } from '@roomkeeper/shared/model'
import { CLAUSE_NAMES, editableStates, type Field, isRequiredAt, type RegisterDefinition, type Words } from '@roomkeeper/shared/registers'
import { describe, expect, it } from 'vitest'
import { clauseServices, PRODUCT_PARTS, registerPage } from '../clause-evidence.ts'
import { DEFINITIONS } from './index.ts'

/** Every pair of words in a definition, with where it stands. */
function wordsIn(value: unknown, path: string): [string, Words][] {
  if (typeof value !== 'object' || value === null) return []
  if ('zh' in value && 'en' in value) return [[path, value as Words]]
  return Object.entries(value).flatMap(([key, inner]) => wordsIn(inner, `${path}.${key}`))
}

function reachable({ states, moves }: RegisterDefinition): Set<string> {
  const reached = new Set([states[0]?.name ?? ''])
  for (let before = 0; before !== reached.size; ) {
    before = reached.size
    for (const move of moves) if (move.from.some((state) => reached.has(state))) reached.add(move.to)
  }
  return reached
}

const namesTwice = (names: readonly string[]): string[] => names.filter((name, index) => names.indexOf(name) !== index)

describe('the list of registers', () => {
  it('has every register of the regulation once, with a prefix of its own', () => {
    expect(DEFINITIONS.map(({ name }) => name).sort()).toEqual([
      'asset',
      'backup',
      'change',
      'fault-report',
      'handover',
      'hazard-check',
      'inspection',
      'loan',
      'maintenance',
      'media',
      'media-check',
      'meeting',
      'password-rotation',
      'security-check',
      'violation',
      'visit',
      'work-log',
      'work-order',
      'work-permit',
    ])
    expect(namesTwice(DEFINITIONS.map(({ numberPrefix }) => numberPrefix))).toEqual([])
    expect(DEFINITIONS.filter(({ numberPrefix }) => !/^[A-Z]{3}$/.test(numberPrefix))).toEqual([])
  })

  it('serves every clause, together with the named parts of the product', () => {
    expect(clauseServices().filter(({ registers, parts }) => registers.length + parts.length === 0)).toEqual([])
  })

  it('names pages that the dashboard has', () => {
    const routes = readFileSync(new URL('../../../../dashboard/src/app/routes.tsx', import.meta.url), 'utf8')
    const pages = [...PRODUCT_PARTS.flatMap(({ page }) => page ?? []), registerPage('inspection')]
    expect(pages.filter((page) => !routes.includes(`path: '${page.slice(1)}'`))).toEqual([])
    expect(routes).toContain(`path: '${registerPage(':register').slice(1)}'`)
  })

  it('asks for what the regulation gives a period to', () => {
    const schedules = Object.fromEntries(DEFINITIONS.flatMap(({ name, schedule }) => (schedule ? [[name, schedule]] : [])))
    expect(schedules.inspection).toMatchObject({ everyDays: 7, outerDays: 7, perRoom: true })
    expect(schedules.maintenance).toMatchObject({ everyDays: 90, outerDays: 100, perRoom: true })
    expect(schedules['hazard-check']).toMatchObject({ everyDays: 30, outerDays: 31, perRoom: true })
    expect(schedules.meeting).toMatchObject({ everyDays: 30, outerDays: 31, perRoom: false })
    expect(Object.keys(schedules).sort()).toEqual([
      'backup',
      'hazard-check',
      'inspection',
      'maintenance',
      'meeting',
      'password-rotation',
      'security-check',
    ])
  })

  it('lets only the director approve a change, in advance or within 24 hours of an emergency', () => {
    const change = DEFINITIONS.find(({ name }) => name === 'change')
    const approvals = change?.moves.filter(({ to, from }) => to === 'approved' || from.includes('to-approve-afterwards')) ?? []
    expect(approvals.map(({ name }) => name)).toEqual(['approve', 'approve-afterwards', 'refuse-afterwards'])
    for (const { roles, signature } of approvals) {
      expect(roles).toEqual(['director'])
      expect(signature).toBe('one')
    }
    expect(change?.states.find(({ name }) => name === 'to-approve-afterwards')?.deadline?.hours).toBe(24)
    expect(change?.moves.filter(({ emergency }) => emergency).map(({ name, to }) => ({ name, to }))).toEqual([
      { name: 'emergency', to: 'emergency-work' },
    ])
  })

  it('lets auditors change nothing', () => {
    for (const { name, roles, moves } of DEFINITIONS) {
      expect(roles.read, name).toContain('auditor')
      expect(roles.create, name).not.toContain('auditor')
      for (const move of moves) expect(move.roles, `${name} ${move.name}`).not.toContain('auditor')
    }
  })
})

describe.each(DEFINITIONS.map((definition) => [definition.name, definition] as const))('%s', (_name, definition) => {
  const { fields, states, moves } = definition
  const stateNames = states.map(({ name }) => name)
  const moveNames = moves.map(({ name }) => name)
  const fieldOf = (key: string): Field | undefined => fields.find((field) => field.key === key)
  const typeOf = (key: string | undefined): string | undefined => (key === undefined ? undefined : fieldOf(key)?.type)

  it('names everything once, in the form that URLs, tables and Excel take', () => {
    for (const names of [fields.map(({ key }) => key), stateNames, moveNames]) expect(namesTwice(names)).toEqual([])
    expect(fields.map(({ key }) => key).filter((key) => !/^[a-z][A-Za-z0-9]{0,40}$/.test(key))).toEqual([])
    expect([...stateNames, ...moveNames, definition.name].filter((name) => !/^[a-z][a-z-]{1,40}$/.test(name))).toEqual([])
    for (const field of fields) {
      if (field.type === 'choice') expect(namesTwice(field.choices.map(({ value }) => value)), field.key).toEqual([])
      if (field.type === 'table') expect(namesTwice(field.columns.map(({ key }) => key)), field.key).toEqual([])
    }
  })

  it('says everything in both languages, and no two fields alike', () => {
    const words = wordsIn(definition, definition.name)
    expect(words.length).toBeGreaterThan(10)
    expect(words.filter(([, { zh, en }]) => zh.trim() === '' || en.trim() === '' || !/\p{Script=Han}|UPS|MAC|IP/u.test(zh))).toEqual([])
    expect(words.filter(([, { en }]) => /\p{Script=Han}/u.test(en))).toEqual([])
    for (const language of ['zh', 'en'] as const) expect(namesTwice(fields.map(({ label }) => label[language]))).toEqual([])
  })

  it('reaches every state, by moves between states that exist', () => {
    expect([...stateNames].filter((name) => !reachable(definition).has(name))).toEqual([])
    expect(moves.flatMap(({ from, to }) => [...from, to]).filter((name) => !stateNames.includes(name))).toEqual([])
    for (const state of states)
      if (state.phase !== 'done')
        expect(
          moves.some(({ from }) => from.includes(state.name)),
          state.name,
        ).toBe(true)
  })

  it('waits for no more where it is over, and elsewhere only for people who can move it on', () => {
    for (const { name, phase, deadline, waitsFor = [] } of states) {
      if (phase === 'done') expect({ deadline, waitsFor }, name).toEqual({ deadline: undefined, waitsFor: [] })
      if (deadline) {
        expect(deadline.field ?? deadline.hours, name).toBeDefined()
        if (deadline.field !== undefined) expect(['date', 'instant'], name).toContain(typeOf(deadline.field))
        if (deadline.hours !== undefined) expect(deadline.remindHours ?? 0, name).toBeLessThan(deadline.hours)
      }
      const able = moves.filter(({ from }) => from.includes(name)).flatMap(({ roles }) => roles)
      expect(
        waitsFor.filter((role) => !able.includes(role)),
        name,
      ).toEqual([])
    }
  })

  it('gives every move to somebody, and asks only for what is there', () => {
    for (const move of moves) {
      expect(move.roles.length + (move.alsoAuthor ? 1 : 0) + (move.alsoPerson ? 1 : 0), move.name).toBeGreaterThan(0)
      expect(
        move.roles.filter((role) => !ROLE_NAMES.includes(role)),
        move.name,
      ).toEqual([])
      if (move.alsoPerson !== undefined) expect(typeOf(move.alsoPerson), move.name).toBe('person')
      for (const other of move.notBy ?? []) expect(['author', ...moveNames], move.name).toContain(other)
      for (const { field, is } of move.needs ?? []) {
        const needed = fieldOf(field)
        expect(needed && isRequiredAt(definition, needed, move), `${move.name} ${field}`).toBe(true)
        if (needed?.type === 'choice') expect(needed.choices.map(({ value }) => value)).toEqual(expect.arrayContaining([...is]))
      }
    }
    expect(definition.roles.read.length).toBeGreaterThan(0)
    expect(definition.roles.create.length).toBeGreaterThan(0)
  })

  it('shows and asks for fields by fields that exist, in states where they can be filled in', () => {
    for (const field of fields) {
      expect(
        (field.requiredAt ?? []).filter((name) => !moveNames.includes(name)),
        field.key,
      ).toEqual([])
      expect(
        (field.editableIn ?? []).filter((name) => !stateNames.includes(name)),
        field.key,
      ).toEqual([])
      if (field.type === 'record') expect(DEFINITIONS.map(({ name }) => name)).toContain(field.register)
      if (field.when) {
        const other = fieldOf(field.when.field)
        expect(['choice', 'yes-no'], field.key).toContain(other?.type)
        const allowed = other?.type === 'choice' ? other.choices.map(({ value }) => value) : ['true', 'false']
        expect(allowed, field.key).toEqual(expect.arrayContaining([...field.when.is]))
        expect(fields.findIndex(({ key }) => key === field.when?.field)).toBeLessThan(fields.indexOf(field))
      }
      for (const move of moves.filter((one) => isRequiredAt(definition, field, one)))
        for (const from of move.from) {
          // Filled in before or then: at the first state all that is required was there.
          const canBeFilled =
            editableStates(definition, field).includes(from) || editableStates(definition, field).includes(stateNames[0] ?? '')
          expect(canBeFilled, `${field.key} at ${move.name} from ${from}`).toBe(true)
        }
    }
  })

  it('keeps fields of one section together', () => {
    const sections = fields.map(({ section }) => section?.zh ?? '')
    const begins = sections.filter((section, index) => index === 0 || section !== sections[index - 1])
    expect(namesTwice(begins)).toEqual([])
  })

  it('refers to fields of the right type', () => {
    expect(['text', 'choice', 'room']).toContain(typeOf(definition.titleField))
    expect(fieldOf(definition.titleField)?.inList).toBe(true)
    if (definition.byRoom) expect(fieldOf('room')).toMatchObject({ type: 'room', required: true })
    if (definition.whenField !== undefined) expect(['date', 'instant']).toContain(typeOf(definition.whenField))
    if (definition.schedule) {
      const { everyDays, outerDays, perRoom } = definition.schedule
      expect(outerDays).toBeGreaterThanOrEqual(everyDays)
      expect(perRoom).toBe(definition.byRoom)
    }
    if (definition.import) expect(fieldOf(definition.import.keyField)).toMatchObject({ type: 'text', required: true })
    const { covers, shelves } = definition
    for (const scope of [covers, shelves]) {
      if (!scope) continue
      expect(scope.states.filter((name) => !stateNames.includes(name))).toEqual([])
      expect(typeOf('room')).toBe('room')
      for (const key of [scope.fromField, scope.untilField]) if (key !== undefined) expect(typeOf(key)).toBe('instant')
      if (scope.deviceField !== undefined) expect(typeOf(scope.deviceField)).toBe('device')
    }
  })

  it('names clauses that the regulation has', () => {
    expect(definition.clauses.length).toBeGreaterThan(0)
    expect(definition.clauses.filter((clause) => !CLAUSE_NAMES.some((name) => name === clause))).toEqual([])
  })
})
