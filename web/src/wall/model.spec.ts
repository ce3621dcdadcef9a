import { expect, test } from 'vitest'

import { areasWithout, deskOf, isPast, templateOf } from './model'

const AREAS = [
  ['numbers', 'map', 'feed'],
  ['weather', 'duty', 'feed'],
]

test('a panel that is not shown leaves its cells to its neighbour', () => {
  expect(areasWithout(AREAS, new Set(['duty']))).toEqual([
    ['numbers', 'map', 'feed'],
    ['weather', 'weather', 'feed'],
  ])
})

test('where that would tear the neighbour apart, the cells lie empty', () => {
  expect(areasWithout(AREAS, new Set(['map']))[0]).toEqual(['numbers', 'numbers', 'feed'])
  expect(
    areasWithout(
      [
        ['a', 'b'],
        ['a', 'c'],
      ],
      new Set(['b']),
    ),
  ).toEqual([
    ['a', '.'],
    ['a', 'c'],
  ])
})

test('a layout never grows beyond its wall', () => {
  const style = templateOf({ columns: [1, 2, 1], rows: [1, 0.5], areas: AREAS }, new Set())
  expect(style['gridTemplateColumns']).toBe('minmax(0, 1fr) minmax(0, 2fr) minmax(0, 1fr)')
  expect(style['gridTemplateAreas']).toBe('"numbers map feed" "weather duty feed"')
})

test('a number opens on the desk with its days, the last one included', () => {
  const days = { since: '2026-11-01', until: '2026-12-01' }
  expect(deskOf({ metric: 'overdue', span: 'now', value: 3 })).toBe('/cases?queue=overdue')
  expect(deskOf({ metric: 'reported', span: '30', value: 3, ...days })).toBe(
    '/cases?from=2026-11-01&to=2026-11-30',
  )
  expect(deskOf({ metric: 'closed_in_time', span: '30', value: 3, ...days })).toBe(
    '/cases?closedFrom=2026-11-01&closedTo=2026-11-30',
  )
})

test('a board that comes on time and speaks of long ago is old', () => {
  const clock = Date.parse('2026-11-20T10:00:00Z')
  const of = (at: string | null) => ({ as_of: { position: 1, at } })
  expect(isPast(of('2026-11-20T09:59:55Z'), clock, clock)).toBe(false)
  expect(isPast(of('2026-11-20T09:50:00Z'), clock, clock)).toBe(true)
  expect(isPast(of('2026-11-20T09:59:55Z'), clock - 600_000, clock)).toBe(true)
  expect(isPast(of(null), clock, clock)).toBe(false)
  expect(isPast(undefined, 0, clock)).toBe(false)
})
