import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { now } from '@/shared/time/clock'

import { currentPosition, follow, position, tellsMore, unfollow, type Position } from './position'

const HERE = { lon: 118.79, lat: 32.02 }
/** 200 m to the east of it. */
const ELSEWHERE = { lon: 118.79212, lat: 32.02 }

function fix(given: Partial<Position>): Position {
  return { ...HERE, accuracy: 10, speed: null, at: 0, ...given }
}

/** As the phone's: each watch is told once where it stands, and again only when that changes. */
const watches = new Map<number, PositionCallback>()
let begun = 0
const geolocation = {
  watchPosition: (told: PositionCallback) => {
    watches.set((begun += 1), told)
    return begun
  },
  clearWatch: (id: number) => watches.delete(id),
}

function phoneStandsAt({ lon, lat }: { lon: number; lat: number }, timestamp: number): void {
  const coords = { longitude: lon, latitude: lat, accuracy: 10, speed: null } as GeolocationCoordinates
  const fix = { coords, timestamp } as GeolocationPosition
  watches.forEach((told) => {
    told(fix)
  })
}

beforeEach(() => {
  vi.stubGlobal('navigator', { geolocation })
})
afterEach(() => {
  position.value = undefined
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

test('who stands still on duty is asked for anew by the page that needs the place', () => {
  follow()
  phoneStandsAt(HERE, now() - 61_000)
  const before = begun
  follow()
  expect([begun, watches.size]).toEqual([before + 1, 1])
  phoneStandsAt(HERE, now())
  expect(position.value).toMatchObject(HERE)
  unfollow()
  unfollow()
  expect(watches.size).toBe(0)
})

test('a watch whose place is fresh goes on', () => {
  follow()
  phoneStandsAt(HERE, now())
  const before = begun
  follow()
  expect([begun, position.value?.lon]).toEqual([before, HERE.lon])
  unfollow()
  unfollow()
})
