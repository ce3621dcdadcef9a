import { expect, test } from 'vitest'

import { toldLater } from './told-later'

const NOW = Date.parse('2026-11-21T12:00:00Z')

test('an arrival told as it happened has one time', () => {
  const at = '2026-11-21T02:05:00Z'
  expect(toldLater({ arrived_at: at, arrival_received_at: '2026-11-21T02:05:40Z' }, NOW)).toBeUndefined()
  expect(toldLater({ arrived_at: null, arrival_received_at: null }, NOW)).toBeUndefined()
})

test('one told later has both, with the day where they are of two', () => {
  const at = '2026-11-21T02:05:00Z'
  const same = toldLater({ arrived_at: at, arrival_received_at: '2026-11-21T02:40:00Z' }, NOW)
  expect(same).toEqual({ there: '10:05', heard: '10:40' })
  const next = toldLater({ arrived_at: at, arrival_received_at: '2026-11-21T16:30:00Z' }, NOW)
  expect(next).toEqual({ there: '11-21 10:05', heard: '11-22 00:30' })
})
