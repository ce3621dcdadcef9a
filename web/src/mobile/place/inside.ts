// Which of my grids a point lies in, without a network.
import type { Geometry, Position } from 'geojson'

export function contains(geometry: Geometry | null | undefined, [lon, lat]: [number, number]): boolean {
  if (geometry?.type === 'Polygon') return inPolygon(geometry.coordinates, lon, lat)
  if (geometry?.type === 'MultiPolygon') return geometry.coordinates.some((one) => inPolygon(one, lon, lat))
  return false
}

function inPolygon([outer, ...holes]: Position[][], lon: number, lat: number): boolean {
  return outer !== undefined && inRing(outer, lon, lat) && !holes.some((hole) => inRing(hole, lon, lat))
}

/** Even-odd rule; planar, which is right for an area of some hundred metres. */
function inRing(ring: readonly Position[], lon: number, lat: number): boolean {
  let inside = false
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
    const [x1 = 0, y1 = 0] = ring[i] ?? []
    const [x2 = 0, y2 = 0] = ring[j] ?? []
    if (y1 > lat !== y2 > lat && lon < ((x2 - x1) * (lat - y1)) / (y2 - y1) + x1) inside = !inside
  }
  return inside
}

const EARTH_M = 6_371_000

/** Metres between two points; good to 0.5 %, which is less than any position's own error here. */
export function metresBetween(
  one: { lon: number; lat: number },
  other: { lon: number; lat: number },
): number {
  const rad = Math.PI / 180
  const x = (other.lon - one.lon) * rad * Math.cos(((one.lat + other.lat) / 2) * rad)
  const y = (other.lat - one.lat) * rad
  return Math.hypot(x, y) * EARTH_M
}
