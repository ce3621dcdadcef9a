import { expect, test } from 'vitest'

import type { FormSchema } from '../field'
import { failedItems, faultsOf, fieldsOf, given } from './model'

const VISIT: FormSchema = {
  properties: {
    met: { type: 'string', title: '走访情况', enum: ['self', 'nobody'], 'x-enum-titles': [] },
    people: { type: 'integer', title: '居住人数', minimum: 1, maximum: 20, 'x-show-if': { met: 'self' } },
    topics: { type: 'array', title: '事项', items: { type: 'string', enum: ['a', 'b'] } },
    detail: { type: 'string', title: '困难', 'x-show-if': { topics: ['a'] } },
    exit: { type: 'string', title: '疏散通道', enum: ['pass', 'fail', 'na'], 'x-item': true },
  },
  required: ['met', 'people'],
  'x-order': ['met', 'people', 'topics', 'detail', 'exit'],
}
const names = (answers: Record<string, unknown>) => fieldsOf(VISIT, answers).map(({ name }) => name)

test('fields stand in the order of the form, and only while their condition holds', () => {
  expect(names({})).toEqual(['met', 'topics', 'exit'])
  expect(names({ met: 'self' })).toEqual(['met', 'people', 'topics', 'exit'])
  expect(names({ topics: ['b', 'a'] })).toContain('detail')
})

test('what is hidden is neither sent nor missing', async () => {
  const answers = { met: 'nobody', people: 3, topics: [] }
  expect(given(VISIT, answers)).toEqual({ met: 'nobody' })
  expect(await faultsOf(VISIT, answers)).toEqual({})
})

test('says what is missing and what the schema refuses', async () => {
  expect(await faultsOf(VISIT, { met: 'self' })).toEqual({ people: 'missing' })
  expect(Object.keys(await faultsOf(VISIT, { met: 'self', people: 40 }))).toEqual(['people'])
  expect(Object.keys(await faultsOf(VISIT, { met: 'elsewhere' }))).toEqual(['met'])
})

test('finds the items of an inspection that failed', () => {
  expect(failedItems(VISIT, { exit: 'fail' })).toEqual(['exit'])
  expect(failedItems(VISIT, { exit: 'na' })).toEqual([])
})
