import { afterEach, expect, test, vi } from 'vitest'

import { learnServerTime, now } from '@/shared/time/clock'

import { clockOff, lookAtClock, noteClock, takeKeptClock, unexplained } from './clock-check'

const TRUE = Date.UTC(2026, 10, 20, 1)
const DAY = 86_400_000

afterEach(() => {
  vi.setSystemTime(TRUE)
  hidden(false)
  noteClock(new Date(TRUE).toUTCString())
  learnServerTime(new Date(TRUE).toUTCString())
  vi.useRealTimers()
})

function hidden(is: boolean): void {
  Object.defineProperty(document, 'hidden', { configurable: true, value: is })
  lookAtClock()
}

/** A page that has looked at a right clock. */
function runs(): void {
  vi.useFakeTimers({ now: TRUE })
  lookAtClock()
  noteClock(new Date(TRUE).toUTCString())
  learnServerTime(new Date(TRUE).toUTCString())
}

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

test.each([DAY, -DAY])("a clock that is set by %i ms before one's eyes changes no time here", (jump) => {
  runs()
  vi.setSystemTime(TRUE + jump)
  lookAtClock()
  expect(now()).toBe(TRUE)
  expect(clockOff.value).toBe(jump)
  vi.setSystemTime(TRUE + jump + 60_000)
  startsAnew(TRUE + jump + 60_000)
  expect(now()).toBe(TRUE + 60_000)
})

test('time that passes changes nothing', () => {
  runs()
  vi.advanceTimersByTime(DAY)
  lookAtClock()
  expect([now(), clockOff.value, unexplained.value]).toEqual([TRUE + DAY, 0, 0])
})

test('what went ahead unseen may have been a sleep: only the house can say', () => {
  runs()
  hidden(true)
  vi.setSystemTime(TRUE + DAY)
  hidden(false)
  expect([now(), clockOff.value, unexplained.value]).toEqual([TRUE + DAY, 0, DAY])
  noteClock(new Date(TRUE).toUTCString())
  expect([clockOff.value, unexplained.value]).toEqual([DAY, 0])
})

test('what went ahead unseen is still unexplained to a page that is begun anew, until the house has said', () => {
  runs()
  hidden(true)
  vi.setSystemTime(TRUE + DAY)
  hidden(false)
  unexplained.value = 0
  vi.setSystemTime(TRUE + DAY + 60_000)
  startsAnew(TRUE + DAY + 60_000)
  expect([now(), clockOff.value, unexplained.value]).toEqual([TRUE + DAY + 60_000, 0, DAY])
  noteClock(new Date(TRUE + DAY + 60_000).toUTCString())
  expect(localStorage.length).toBe(0)
})

test('a clock that was set ahead and back unseen is as it was', () => {
  runs()
  hidden(true)
  vi.setSystemTime(TRUE + DAY)
  lookAtClock()
  vi.setSystemTime(TRUE)
  hidden(false)
  expect([now(), clockOff.value, unexplained.value]).toEqual([TRUE, 0, 0])
  expect(localStorage.length).toBe(0)
})
