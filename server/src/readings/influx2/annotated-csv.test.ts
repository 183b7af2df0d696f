import { expect, it } from 'vitest'
import { rowsOfLines } from './annotated-csv.ts'

const TABLE = [
  '#datatype,string,long,dateTime:RFC3339,double',
  '#group,false,false,false,false',
  '#default,_result,,,',
  ',result,table,_time,_value',
  ',,0,2026-01-01T00:00:00Z,20.5',
]

it('reads rows, also of several tables and of none', () => {
  expect(rowsOfLines(TABLE)).toMatchObject([{ _time: '2026-01-01T00:00:00Z', _value: 20.5 }])
  expect(rowsOfLines([...TABLE, '', ...TABLE])).toHaveLength(2)
  expect(rowsOfLines(['', ''])).toEqual([])
  expect(rowsOfLines([])).toEqual([])
})

it('takes nothing else for an answer', () => {
  expect(() => rowsOfLines(['<html>sign in</html>'])).toThrow('not annotated CSV')
  expect(() => rowsOfLines(['{"results":[{"statement_id":0,'])).toThrow('not annotated CSV')
})

it('throws what a server tells in the middle of an answer', () => {
  const error = ['#datatype,string,string', '#group,true,true', '#default,,', ',error,reference', ',engine: shard is closed,897']
  expect(() => rowsOfLines([...TABLE, '', ...error])).toThrow('engine: shard is closed')
})
