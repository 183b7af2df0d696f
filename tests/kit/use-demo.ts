import { afterAll, afterEach, beforeAll } from 'vitest'
import { type Person, type PersonOptions, signInQuietly, startBrowser, type TestBrowser } from './browser.ts'
import { type DemoServer, startDemoServer } from './demo-server.ts'

/** The demonstration and a browser, both of one file of tests. Its parts are there inside tests and hooks. */
export interface Demo extends Omit<DemoServer, 'dispose'> {
  readonly outsideRequests: readonly string[]
  /** Somebody's browser, not signed in. */
  open(options?: Omit<PersonOptions, 'url'>): Promise<Person>
  /** Signed in as the administrator, with the overview on the screen. */
  openAsAdmin(options?: Omit<PersonOptions, 'url'>): Promise<Person>
}

/**
 * Starts both before the tests of this `describe` and ends them afterwards. When a test fails, it prints what the server wrote, what went
 * wrong on the pages, and where they are.
 */
export function useDemo(): Demo {
  let demo: DemoServer | undefined
  let browser: TestBrowser | undefined
  const people: Person[] = []
  const started = <Part>(part: Part | undefined): Part => {
    if (part === undefined) throw new Error('the demonstration is not started yet: ask for it inside a test or hook')
    return part
  }
  const open: Demo['open'] = async (options = {}) => {
    const person = await started(browser).open({ ...options, url: started(demo).server.url })
    people.push(person)
    return person
  }

  beforeAll(async () => {
    // Each is kept as it comes: if the other fails, this one is ended all the same.
    const starts = await Promise.allSettled([
      startDemoServer().then((part) => {
        demo = part
      }),
      startBrowser().then((part) => {
        browser = part
      }),
    ])
    for (const start of starts) if (start.status === 'rejected') throw start.reason
  })
  afterAll(async () => {
    await browser?.close()
    await demo?.dispose()
  }, 60_000)
  afterEach(({ task }) => {
    if (task.result?.state !== 'fail') return
    const pages = people.map(({ page, errors }) => [page.url(), ...errors].join('\n  '))
    console.log(`── server\n${demo?.server.output()}\n── pages\n${pages.join('\n')}`)
  })

  return {
    get server() {
      return started(demo).server
    },
    play: (controls) => started(demo).play(controls),
    get outsideRequests() {
      return started(browser).outsideRequests
    },
    open,
    openAsAdmin: async (options) => {
      const person = await open(options)
      await signInQuietly(person.page)
      return person
    },
  }
}
