import { expect, test } from 'vitest'

import { readFilters } from '@/shared/lists/filters'

import { FILTERS, narrowing, queryOf, shownPeriod } from './filters'

test('days are of Beijing, and the last one counts in full', () => {
  const asked = readFilters(FILTERS, { from: '2026-11-01', to: '2026-11-01' })
  expect(queryOf(asked, '')).toMatchObject({
    reported_from: '2026-10-31T16:00:00.000Z',
    reported_to: '2026-11-01T16:00:00.000Z',
  })
})

test('what does not narrow is not asked for', () => {
  expect(queryOf(readFilters(FILTERS, {}), '')).toEqual({ queue: 'all', sort: 'newest' })
})

test('a period counts as one filter', () => {
  const asked = readFilters(FILTERS, {
    from: '2026-11-01',
    to: '2026-11-02',
    state: 'reported,accepted',
    late: '1',
  })
  expect(narrowing(asked, '13800000000')).toBe(4)
})

test('a period that an address leaves open is shown whole', () => {
  expect(shownPeriod('2026-11-01', '', '2026-11-20')).toEqual(['2026-11-01', '2026-11-20'])
  expect(shownPeriod('', '2026-11-05', '2026-11-20')?.[1]).toBe('2026-11-05')
  expect(shownPeriod('', '', '2026-11-20')).toBeNull()
})
