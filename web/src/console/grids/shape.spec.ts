import { expect, test } from 'vitest'

import { readShape, shapeOf } from './shape'

const RING = [
  [118.8, 32],
  [118.81, 32],
  [118.81, 32.01],
  [118.8, 32],
]
const POLYGON = { type: 'Polygon', coordinates: [RING] }
const feature = (geometry: unknown) => ({ type: 'Feature', properties: {}, geometry })
const read = (value: unknown) => readShape(JSON.stringify(value))

test('an area is read from a geometry, a feature, and a collection of one', () => {
  expect(read(POLYGON)).toEqual(POLYGON)
  expect(read(feature(POLYGON))).toEqual(POLYGON)
  const point = feature({ type: 'Point', coordinates: [118.8, 32] })
  expect(read({ type: 'FeatureCollection', features: [point, feature(POLYGON)] })).toEqual(POLYGON)
})

test('heights are left out', () => {
  expect(read({ type: 'MultiPolygon', coordinates: [[RING.map(([lon, lat]) => [lon, lat, 12])]] })).toEqual({
    type: 'MultiPolygon',
    coordinates: [[RING]],
  })
})

test('what is no single area in degrees is told by what is wrong with it', () => {
  expect(readShape('{')).toBe('notJson')
  expect(read({ type: 'LineString', coordinates: RING })).toBe('noArea')
  expect(read({ type: 'FeatureCollection', features: [feature(POLYGON), feature(POLYGON)] })).toBe('several')
  expect(read({ type: 'Polygon', coordinates: [[[13225000, 3763000]]] })).toBe('notDegrees')
  expect(read({ type: 'Polygon', coordinates: 5 })).toBe('notDegrees')
  expect(read(null)).toBe('noArea')
})

test('a drawing closes by itself, from three corners on', () => {
  expect(
    shapeOf([
      [1, 2],
      [3, 4],
    ]),
  ).toBeUndefined()
  expect(
    shapeOf([
      [1, 2],
      [3, 4],
      [5, 1],
    ])?.coordinates[0]?.at(-1),
  ).toEqual([1, 2])
})
