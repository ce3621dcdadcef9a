import { expect, test } from 'vitest'

import { boundsOf, labelPoint, positionsOf } from './geometry'

const square = (west: number, south: number, size: number) => [
  [west, south],
  [west + size, south],
  [west + size, south + size],
  [west, south + size],
  [west, south],
]

test('a name stands in the middle of its area', () => {
  const [lon, lat] = labelPoint({ type: 'Polygon', coordinates: [square(118.76, 32, 0.002)] })
  expect(lon).toBeCloseTo(118.761, 9)
  expect(lat).toBeCloseTo(32.001, 9)
})

test('the name of an area in parts stands in the largest', () => {
  const coordinates = [[square(0, 0, 1)], [square(10, 10, 4)], [square(20, 20, 2)]]
  expect(labelPoint({ type: 'MultiPolygon', coordinates })).toEqual([12, 12])
})

test('bounds take in every part, and nothing has none', () => {
  const coordinates = [[square(0, 0, 1)], [square(10, -3, 4)]]
  expect(boundsOf(positionsOf({ type: 'MultiPolygon', coordinates }))).toEqual([0, -3, 14, 1])
  expect(boundsOf([])).toBeUndefined()
})
