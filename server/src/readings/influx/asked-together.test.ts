import { expect, it } from 'vitest'
import { AskedTogether } from './asked-together.ts'

it('asks once for what is asked at once, per kind, and answers each its own', async () => {
  const requests: number[][] = []
  const together = new AskedTogether(async (items: readonly number[]) => {
    requests.push([...items])
    return new Map(items.map((item) => [item, item * 10]))
  })
  const answers = await Promise.all([together.ask('a', 1), together.ask('b', 2), together.ask('a', 3)])
  expect(answers).toEqual([10, 20, 30])
  expect(requests.sort()).toEqual([[1, 3], [2]])
})

it('those answered together, turn by turn, ask their next question together again', async () => {
  const requests: number[] = []
  const together = new AskedTogether(async (items: readonly number[]) => {
    requests.push(items.length)
    return new Map(items.map((item) => [item, item]))
  })
  const twoSteps = async (item: number): Promise<number> => together.ask('second', await together.ask('first', item))
  expect(await Promise.all([1, 2, 3, 4].map(twoSteps))).toEqual([1, 2, 3, 4])
  expect(requests).toEqual([4, 4])
})

it('a failure reaches everyone who asked', async () => {
  const together = new AskedTogether<number, number>(async () => {
    throw new Error('away')
  })
  const outcomes = await Promise.allSettled([together.ask('a', 1), together.ask('a', 2)])
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
})
