import { describe, expect, test } from 'vitest'

import { limitState } from './countdown'
import { duration, exactDue, exactTime, relativeDue, relativeTime, shortDue, shortTime } from './format'

const NOW = Date.parse('2025-11-20T01:50:17Z')
const t = (key: string, named: Record<string, unknown> = {}) =>
  `${key} ${Object.values(named).join(' ')}`.trim()

describe('times', () => {
  test('are in Beijing, 24 hours, also just after midnight there', () => {
    expect(exactTime('2025-11-19T16:00:05Z')).toBe('2025-11-20 00:00:05')
  })

  test.each([
    ['2025-11-20T01:50:00Z', 'time.now'],
    ['2025-11-20T01:47:00Z', 'time.minutesAgo 3'],
    ['2025-11-19T22:50:17Z', 'time.hoursAgo 3'],
    ['2025-11-20T03:50:17Z', 'time.hoursAhead 2'],
    ['2025-11-18T01:50:17Z', '11-18 09:50'],
    ['2024-11-18T01:50:17Z', '2024-11-18 09:50'],
  ])('%s reads %s', (at, text) => {
    expect(relativeTime(at, NOW, t)).toBe(text)
  })

  test('name the year by Beijing’s calendar', () => {
    expect(shortTime('2025-12-31T16:30:00Z', NOW)).toBe('2026-01-01 00:30')
  })

  test('let what ends at midnight end with its day', () => {
    expect(exactDue('2025-11-24T16:00:00Z')).toBe('2025-11-24 24:00')
    expect(exactDue('2025-11-24T16:00:01Z')).toBe('2025-11-25 00:00:01')
    expect(shortDue('2025-12-31T16:00:00Z', Date.parse('2025-11-20T00:00:00Z'))).toBe('12-31 24:00')
    expect(relativeDue('2025-12-31T16:00:00Z', Date.parse('2025-12-31T15:00:00Z'), t)).toBe(
      relativeTime('2025-12-31T16:00:00Z', Date.parse('2025-12-31T15:00:00Z'), t),
    )
    expect(relativeDue('2025-12-31T16:00:00Z', Date.parse('2025-11-20T00:00:00Z'), t)).toBe('12-31 24:00')
  })

  test('lengths show the two largest units', () => {
    expect(duration(299_000, t)).toBe('04:59')
    expect(duration(3 * 3_600_000 + 5 * 60_000, t)).toBe('countdown.hours 3 05')
    expect(duration(-51 * 3_600_000, t)).toBe('countdown.days 2 3')
  })
})

describe('a time limit', () => {
  const limit = { from: 0, due: 1000 }

  test.each([
    [0, 'green'],
    [699, 'green'],
    [700, 'amber'],
    [999, 'amber'],
    [1000, 'red'],
  ])('at %i of 1000 is %s', (at, state) => {
    expect(limitState(limit, at)).toBe(state)
  })
})
