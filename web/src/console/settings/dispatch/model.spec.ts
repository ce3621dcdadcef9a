import { expect, test } from 'vitest'

import type { Category } from '../../cases/model'
import { emptyRule, numberOf, readingsOf, rebased, sent, settled, type Drafted } from './model'

const rule = (id: number | null, order: number): Drafted => ({ ...emptyRule('2026-11-20'), id, order })
const orders = (rules: Drafted[]) => sent(rules).map(({ id, order }) => [id, order])

/** As the server reads them: by order, then by number; new ones get the highest. */
const isInOrder = (rules: Drafted[]) => {
  const read = sent(rules).map(({ id, order }, at): [number, number] => [order ?? 0, id ?? 1_000_000 + at])
  return read.every(([order, id], at) => {
    const [before, other] = read[at - 1] ?? [-1, -1]
    return order > before || (order === before && id > other)
  })
}

test('rules that nobody moved keep their numbers', () => {
  expect(orders([rule(1, 100), rule(2, 100), rule(5, 200)])).toEqual([
    [1, 100],
    [2, 100],
    [5, 200],
  ])
})

test('a rule at the end of the list takes the number before it', () => {
  expect(orders([rule(1, 100), rule(null, 0)])).toEqual([
    [1, 100],
    [null, 100],
  ])
})

test('a moved rule changes as few others as it can', () => {
  expect(orders([rule(1, 10), rule(3, 30), rule(2, 20), rule(4, 40)])).toEqual([
    [1, 10],
    [3, 30],
    [2, 31],
    [4, 40],
  ])
})

test('whatever was moved or put between, the server reads the same order', () => {
  const ties = [rule(3, 100), rule(null, 0), rule(1, 100), rule(null, 0), rule(2, 100), rule(9, 50)]
  expect(isInOrder(ties)).toBe(true)
  expect(isInOrder([rule(null, 0), rule(null, 0), rule(4, 0)])).toBe(true)
})

test('a new rule is known by its place in what was sent', () => {
  expect(numberOf(rule(null, 0), 0)).toBe(-1)
  expect(numberOf(rule(12, 0), 4)).toBe(12)
})

test('what others changed meanwhile comes in, what was changed here stays', () => {
  const [one, two, three, four] = [rule(1, 10), rule(2, 20), rule(3, 30), rule(4, 40)]
  const before = [one, two, three, four]
  const mine = [
    { ...one, unit: '我改的' },
    two,
    { ...four, unit: '我改的' },
    { ...rule(null, 0), unit: '我加的' },
  ] // 3 was taken away here
  const now = [
    rule(1, 10),
    { ...rule(2, 20), unit: '他改的' },
    rule(3, 30),
    { ...rule(9, 40), unit: '他加的' },
  ] // 4 there
  expect(rebased(mine, before, now).map(({ id, unit }) => [id, unit])).toEqual([
    [1, '我改的'],
    [2, '他改的'],
    [null, '我改的'],
    [null, '我加的'],
    [9, '他加的'],
  ])
})

const category = (scheme_id: number, full_name: string): Category => ({
  id: scheme_id,
  scheme_id,
  code: '01',
  path: '01/',
  name: full_name,
  full_name,
  is_leaf: true,
  is_active: true,
  urgency: 'normal',
  settle_on_spot: false,
  is_complaint: false,
})

test('a rule without a scheme is ambiguous only where its path is another matter in another scheme', () => {
  const old = { ...rule(1, 10), category_path: '01/' }
  const [disputes, lamps] = [category(1, '矛盾纠纷'), category(2, '路灯不亮')]
  expect(readingsOf(old, [disputes, lamps])).toEqual([disputes, lamps])
  expect(readingsOf(old, [disputes, category(2, '矛盾纠纷')])).toEqual([])
  expect(readingsOf({ ...old, category_path: '' }, [disputes, lamps])).toEqual([])
  expect(readingsOf(settled(old, lamps), [disputes, lamps])).toEqual([])
  expect(sent([settled(old, lamps)])[0]).toMatchObject({ id: 1, scheme_id: 2, category_path: '01/' })
})
