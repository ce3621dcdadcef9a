import { beforeEach, expect, test, vi } from 'vitest'

import { now } from '@/shared/time/clock'

import { currentPosition, follow, position, tellsMore, unfollow, type Position } from './position'

const HERE = { lon: 118.79, lat: 32.02 }
/** 200 m to the east of it. */
const ELSEWHERE = { lon: 118.79212, lat: 32.02 }

function fix(given: Partial<Position>): Position {
  return { ...HERE, accuracy: 10, speed: null, at: 0, ...given }
}

beforeEach(() => {
  vi.stubGlobal('navigator', { geolocation: { watchPosition: () => 1, clearWatch: () => undefined } })
})

test('whoever walked on is found at the new place, however good the first fix was', () => {
  expect(tellsMore(fix({ ...ELSEWHERE, accuracy: 30 }), { ...HERE, accuracy: 5 })).toBe(true)
})

test('a coarse fix around a good one does not move it', () => {
  expect(tellsMore(fix({ ...ELSEWHERE, accuracy: 500 }), { ...HERE, accuracy: 5 })).toBe(false)
})

test('any fix tells more than none', () => {
  expect(tellsMore(fix({ accuracy: 2000 }), { lon: null, lat: null, accuracy: null })).toBe(true)
})

test('a page that begins to follow does not begin with where another page stood', () => {
  position.value = fix({ at: now() - 61_000 })
  expect(currentPosition()).toBeUndefined()
  follow()
  expect(position.value).toBeUndefined()
  unfollow()
})
