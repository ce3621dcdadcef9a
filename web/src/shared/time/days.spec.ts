import { expect, test } from 'vitest'

import { dayAfter, latestDays } from './days'

test('the latest days end with today in Beijing, also when it is still yesterday elsewhere', () => {
  // 00:30 of the 21st in Beijing, 16:30 of the 20th in UTC.
  const now = Date.parse('2025-11-20T16:30:00Z')
  expect(latestDays(7, now)).toEqual({ since: '2025-11-15', until: '2025-11-22' })
  expect(latestDays(1, now)).toEqual({ since: '2025-11-21', until: '2025-11-22' })
})

test('a day after another may lie in another month or year', () => {
  expect(dayAfter('2025-02-28')).toBe('2025-03-01')
  expect(dayAfter('2026-01-01', -1)).toBe('2025-12-31')
})
