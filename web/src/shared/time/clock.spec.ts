import { afterEach, expect, test, vi } from 'vitest'

import { learnServerTime, now, stopwatch } from './clock'

const AT = Date.parse('2026-03-02T01:00:00Z')

afterEach(() => {
  learnServerTime(new Date().toUTCString())
  vi.useRealTimers()
})

function says(ms: number): void {
  learnServerTime(new Date(AT + ms).toUTCString())
}

test('a clock that is wrong by as much as the road may take does not jump with every answer', () => {
  vi.useFakeTimers({ now: AT })
  says(6000)
  expect(now()).toBe(AT + 6000)
  says(4000)
  expect(now()).toBe(AT + 6000)
  says(0)
  expect(now()).toBe(AT)
})

test('when something was asked is told by the clock as the answer corrected it', () => {
  vi.useFakeTimers({ now: AT })
  const asked = stopwatch()
  vi.advanceTimersByTime(300)
  learnServerTime(new Date(AT - 3600_000).toUTCString())
  expect(asked()).toBe(now() - 300)
})
