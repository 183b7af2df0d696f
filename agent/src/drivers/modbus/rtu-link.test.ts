import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import type { ByteLine } from './lines.ts'
import { readQuestion } from './pdu.ts'
import { RtuLink } from './rtu-link.ts'

const question = readQuestion('holding', 0, 1)
const never = new AbortController().signal

it('gives up on a line that hangs while it is opened, and closes it when it opens after all', async () => {
  let open = (_line: ByteLine): void => {}
  let closed = 0
  const link = new RtuLink({
    name: 'line',
    baudRate: 9600,
    open: () =>
      new Promise((resolve) => {
        open = resolve
      }),
  })
  await expect(link.ask(1, question, 50, never)).rejects.toMatchObject({ kind: 'unreachable', message: expect.stringContaining('opened') })
  open({
    stream: new PassThrough(),
    close: async () => {
      closed += 1
    },
  })
  await new Promise((resolve) => setImmediate(resolve))
  expect(closed).toBe(1)
  await link.close()
})
