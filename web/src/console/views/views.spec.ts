import { expect, test } from 'vitest'

import { readFilters } from '@/shared/lists/filters'

import { FILTERS } from '../cases/list/filters'
import { askedOf, daysUpTo, filtersOf, isSame, queryOfView, type View } from './model'

const asked = readFilters(FILTERS, {
  queue: 'overdue',
  source: 'telephone',
  from: '2026-11-14',
  to: '2026-11-20',
  late: '1',
})

test('a view opens as it was saved', () => {
  expect(askedOf(filtersOf(asked), '2026-12-31')).toEqual({ ...asked })
  expect(isSame(asked, filtersOf(asked), '2026-12-31')).toBe(true)
  expect(isSame({ ...asked, q: '灯' }, filtersOf(asked), '2026-12-31')).toBe(false)
})

test('a rolling period ends on the day it is opened', () => {
  const days = daysUpTo('2026-11-20', asked.from, asked.to)
  expect(days).toBe(7)
  expect(askedOf(filtersOf(asked, days), '2026-12-31')).toMatchObject({
    from: '2026-12-25',
    to: '2026-12-31',
  })
})

test('only a period up to today can roll', () => {
  expect(daysUpTo('2026-11-20', '2026-11-01', '2026-11-19')).toBeUndefined()
  expect(daysUpTo('2026-11-20', '', '')).toBeUndefined()
  expect(daysUpTo('2026-11-20', '2026-11-20', '')).toBe(1)
})

test('a tab asks the server for what its list shows', () => {
  const view = { filters: filtersOf(asked, 1) } as View
  expect(queryOfView(view, '2026-11-20')).toMatchObject({
    queue: 'overdue',
    source: ['telephone'],
    reported_from: '2026-11-19T16:00:00.000Z',
    is_late: true,
  })
})
