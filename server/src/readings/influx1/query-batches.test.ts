import { expect, it } from 'vitest'
import { QueryBatches } from './query-batches.ts'

it('asks together what is asked at once, and answers each its own', async () => {
  const requests: number[] = []
  const batches = new QueryBatches(async (statements) => {
    requests.push(statements.length)
    return statements.map((statement) => `${statement}!`)
  })
  const answers = await Promise.all(Array.from({ length: 23 }, (_, index) => batches.ask(`${index}`)))
  expect(answers).toEqual(Array.from({ length: 23 }, (_, index) => `${index}!`))
  expect(await batches.ask('later')).toBe('later!')
  expect(requests).toEqual([10, 10, 3, 1])
})

it('a statement that fails harms no other', async () => {
  let requests = 0
  const batches = new QueryBatches(async (statements) => {
    requests++
    return statements.map((statement) => (statement === 'wrong' ? new Error('no such thing') : `${statement}!`))
  })
  const answers = await Promise.allSettled(['a', 'wrong', 'b'].map((statement) => batches.ask(statement)))
  expect(answers.map((answer) => (answer.status === 'fulfilled' ? answer.value : String(answer.reason)))).toEqual([
    'a!',
    'Error: no such thing',
    'b!',
  ])
  expect(requests).toBe(4)
})

it('a request that fails is not asked again', async () => {
  let requests = 0
  const batches = new QueryBatches<string>(async () => {
    requests++
    throw new Error('away')
  })
  const answers = await Promise.allSettled(['a', 'b'].map((statement) => batches.ask(statement)))
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(requests).toBe(1)
})
