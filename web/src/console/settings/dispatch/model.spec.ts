import { expect, test } from 'vitest'

import { emptyRule, numberOf, sent } from './model'

test('rules go in the order they stand, with room between their numbers', () => {
  const [one, other] = [emptyRule('2026-11-20'), { ...emptyRule('2026-11-20'), id: 7, unit_id: 3 }]
  expect(sent([other, one]).map(({ id, order }) => [id, order])).toEqual([
    [7, 10],
    [null, 20],
  ])
  expect(sent([one, other]).map(({ id, order }) => [id, order])).toEqual([
    [null, 10],
    [7, 20],
  ])
})

test('a new rule is known by its place in what was sent', () => {
  const one = emptyRule('2026-11-20')
  expect(numberOf(one, 0)).toBe(-1)
  expect(numberOf({ ...one, id: 12 }, 4)).toBe(12)
})
