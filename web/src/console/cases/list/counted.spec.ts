import { expect, test } from 'vitest'

import { readFilters } from '@/shared/lists/filters'

import { listOf } from './counted'
import { FILTERS, queryOf } from './filters'

const SEPTEMBER = { since: '2026-09-01', until: '2026-10-01' }

/** What the list asks the server for, when it is opened by this address. */
function askedBy(address: Record<string, string>): Record<string, unknown> {
  return queryOf(readFilters(FILTERS, address), '')
}

test('a figure of what was reported opens the list with its place and days', () => {
  const address = listOf({ reported_code: '320104001', category: '01/', scheme: 3 }, 'reported', SEPTEMBER)
  expect(askedBy(address)).toMatchObject({
    queue: 'all',
    reported_code: '320104001',
    category: '01/',
    scheme: 3,
    reported_from: '2026-08-31T16:00:00.000Z',
    reported_to: '2026-09-30T16:00:00.000Z',
  })
})

test('every condition a figure may have reaches the server as it was', () => {
  const narrow = {
    reported_hour: 0,
    source: ['telephone'],
    outcome: ['solved'],
    lead: 'D-CG/',
    lead_alone: true,
    category_alone: true,
    no_category: true,
    is_answered: true,
    answered_in_5: true,
    is_late: false,
    self_settled: true,
    satisfaction: [4, 5],
  }
  expect(askedBy(listOf(narrow, 'closed', SEPTEMBER))).toMatchObject({
    ...narrow,
    queue: 'closed',
    closed_from: '2026-08-31T16:00:00.000Z',
    closed_to: '2026-09-30T16:00:00.000Z',
  })
  expect(askedBy(listOf({}, 'dispatched', SEPTEMBER))).toMatchObject({
    dispatched_from: '2026-08-31T16:00:00.000Z',
    dispatched_to: '2026-09-30T16:00:00.000Z',
  })
})
