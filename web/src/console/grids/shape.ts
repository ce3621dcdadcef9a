// A boundary drawn by hand, pasted or read from a file. WGS-84, [lon, lat].
import type { Feature, FeatureCollection, Geometry, MultiPolygon, Polygon, Position } from 'geojson'

import type { LonLat } from '@/shared/map'

export type Shape = Polygon | MultiPolygon
export type ShapeFault = 'notJson' | 'noArea' | 'several' | 'notDegrees'

/** Corners of a drawing that make an area. */
export const FEWEST = 3

/** The ring closes by itself. */
export function shapeOf(corners: readonly LonLat[]): Polygon | undefined {
  const [first] = corners
  return first && corners.length >= FEWEST
    ? { type: 'Polygon', coordinates: [[...corners, first]] }
    : undefined
}

/** One area out of GeoJSON text: a geometry, a feature, or a collection with one of them. */
export function readShape(text: string): Shape | ShapeFault {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return 'notJson'
  }
  const found = areasIn(parsed)
  const [shape] = found
  if (!shape) return 'noArea'
  if (found.length > 1) return 'several'
  const flat = withoutHeights(shape)
  return isLonLat(flat) ? flat : 'notDegrees'
}

export function cornersOf(shape: Shape): Position[] {
  return shape.type === 'Polygon' ? shape.coordinates.flat() : shape.coordinates.flat(2)
}

function areasIn(value: unknown): Shape[] {
  const object = value as Partial<Geometry | Feature | FeatureCollection> | null
  switch (object?.type) {
    case 'FeatureCollection':
      return (object.features ?? []).flatMap(areasIn)
    case 'Feature':
      return areasIn(object.geometry)
    case 'Polygon':
    case 'MultiPolygon':
      return [object as Shape]
    default:
      return []
  }
}

function withoutHeights(shape: Shape): Shape {
  const plain = (rings: Position[][]) => rings.map((ring) => ring.map(([lon = NaN, lat = NaN]) => [lon, lat]))
  try {
    return shape.type === 'Polygon'
      ? { type: 'Polygon', coordinates: plain(shape.coordinates) }
      : { type: 'MultiPolygon', coordinates: shape.coordinates.map(plain) }
  } catch {
    return { type: 'Polygon', coordinates: [[[NaN, NaN]]] }
  }
}

function isLonLat(shape: Shape): boolean {
  const corners = cornersOf(shape)
  return (
    corners.length > 0 &&
    corners.every(([lon = NaN, lat = NaN]) => Math.abs(lon) <= 180 && Math.abs(lat) <= 90)
  )
}
