import { expect, test } from 'vitest'

import { latestDays } from './days'

test('the latest days end with today in Beijing, also when it is still yesterday elsewhere', () => {
  // 00:30 of the 21st in Beijing, 16:30 of the 20th in UTC.
  const now = Date.parse('2025-11-20T16:30:00Z')
  expect(latestDays(7, now)).toEqual({ since: '2025-11-15', until: '2025-11-22' })
  expect(latestDays(1, now)).toEqual({ since: '2025-11-21', until: '2025-11-22' })
})
