import { afterEach, expect, test, vi } from 'vitest'

import { learnServerTime, now } from '@/shared/time/clock'

import { clockOff, noteClock, takeKeptClock } from './clock-check'

const TRUE = Date.UTC(2026, 10, 20, 1)
const DAY = 86_400_000

afterEach(() => {
  vi.setSystemTime(TRUE)
  noteClock(new Date(TRUE).toUTCString())
  learnServerTime(new Date(TRUE).toUTCString())
  vi.useRealTimers()
})

/** The application started anew, when the phone says `at`: what it had learnt is gone. */
function startsAnew(at: number): void {
  clockOff.value = 0
  learnServerTime(new Date(at).toUTCString())
  takeKeptClock()
}

test.each([DAY, -DAY])('a clock that is off by %i ms is known at a start without a network', (off) => {
  vi.useFakeTimers({ now: TRUE + off })
  noteClock(new Date(TRUE).toUTCString())
  vi.setSystemTime(TRUE + off + 3600_000)
  startsAnew(TRUE + off + 3600_000)
  expect(clockOff.value).toBe(off)
  expect(now()).toBe(TRUE + 3600_000)
})

test('a clock that was put back since is believed again', () => {
  vi.useFakeTimers({ now: TRUE + DAY })
  noteClock(new Date(TRUE).toUTCString())
  vi.setSystemTime(TRUE + 60_000)
  startsAnew(TRUE + 60_000)
  expect(clockOff.value).toBe(0)
  expect(now()).toBe(TRUE + 60_000)
})

test('of a clock that is right nothing is kept', () => {
  vi.useFakeTimers({ now: TRUE })
  noteClock(new Date(TRUE).toUTCString())
  expect(localStorage.length).toBe(0)
})
