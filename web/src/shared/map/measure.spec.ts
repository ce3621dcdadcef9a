import { expect, test } from 'vitest'

import zh from '../i18n/zh'
import { areaOf, areaText, legsOf, lengthOf, lengthText } from './measure'

const words = zh.baseMap as unknown as Record<string, string>
const t = (key: string, values: Record<string, string>) =>
  (words[key.replace('baseMap.', '')] ?? '').replace('{n}', values['n'] ?? '')

test('a degree of a meridian is as long as on the ellipsoid, not on a ball', () => {
  // Meridian arc of WGS-84 from 32° to 33° N, from its series; a sphere of 6371 km would say 111,195 m.
  expect(lengthOf([[118, 32], [118, 33]])).toBeCloseTo(110_895.609, 2) // prettier-ignore
})

test('a line is the sum of its legs, and one corner is no line', () => {
  const corners: [number, number][] = [[118.79, 32.02], [118.8, 32.02], [118.8, 32.03]] // prettier-ignore
  const [east = 0, north = 0] = legsOf(corners)
  expect(lengthOf(corners)).toBeCloseTo(east + north, 6)
  expect(lengthOf([[118.79, 32.02]])).toBe(0)
})

test('an area is the same whichever way round it was drawn', () => {
  const ring: [number, number][] = [[118.79, 32.02], [118.8, 32.02], [118.8, 32.03], [118.79, 32.03]] // prettier-ignore
  const { area, perimeter } = areaOf(ring)
  expect(areaOf([...ring].reverse()).area).toBeCloseTo(area, 3)
  expect(area).toBeCloseTo((legsOf(ring)[0] ?? 0) * (legsOf(ring)[1] ?? 0), -3)
  expect(perimeter).toBeCloseTo(lengthOf([...ring, ring[0] ?? [0, 0]]), 6)
})

test('units follow the size', () => {
  expect(lengthText(45.67, t)).toBe('45.7 米')
  expect(lengthText(850, t)).toBe('850 米')
  expect(lengthText(12_340, t)).toBe('12.34 公里')
  expect(areaText(9_000, t)).toBe('9,000 平方米')
  expect(areaText(123_000, t)).toBe('12.30 公顷')
  expect(areaText(4_560_000, t)).toBe('4.560 平方公里')
})
