// Small geometry for drawing only; areas and containment are the server's work. WGS-84, [lon, lat] degrees throughout.
import type { MultiPolygon, Polygon, Position } from 'geojson'

export type LonLat = [lon: number, lat: number]
/** [west, south, east, north] */
export type Bounds = [number, number, number, number]

/** Where to write a shape's name: the centroid of its largest outer ring. */
export function labelPoint(shape: Polygon | MultiPolygon): LonLat {
  const rings = shape.type === 'Polygon' ? [shape.coordinates[0]] : shape.coordinates.map((part) => part[0])
  const weighed = rings.filter((ring) => ring !== undefined).map(centroid)
  const largest = weighed.reduce((best, one) => (one.area > best.area ? one : best), {
    area: -1,
    at: [0, 0] as LonLat,
  })
  return largest.at
}

export function boundsOf(positions: Iterable<Position>): Bounds | undefined {
  const bounds: Bounds = [Infinity, Infinity, -Infinity, -Infinity]
  for (const [lon = 0, lat = 0] of positions) {
    bounds[0] = Math.min(bounds[0], lon)
    bounds[1] = Math.min(bounds[1], lat)
    bounds[2] = Math.max(bounds[2], lon)
    bounds[3] = Math.max(bounds[3], lat)
  }
  return bounds[0] > bounds[2] ? undefined : bounds
}

export function* positionsOf(shape: Polygon | MultiPolygon): Generator<Position> {
  const parts = shape.type === 'Polygon' ? [shape.coordinates] : shape.coordinates
  for (const part of parts) for (const ring of part) yield* ring
}

/** Shoelace formula about the first corner, so that small shapes far from 0,0 keep their digits. */
function centroid(ring: Position[]): { area: number; at: LonLat } {
  const [x0 = 0, y0 = 0] = ring[0] ?? []
  let [doubled, x, y] = [0, 0, 0]
  ring.forEach(([ax = 0, ay = 0], index) => {
    const [bx = 0, by = 0] = ring[(index + 1) % ring.length] ?? []
    const cross = (ax - x0) * (by - y0) - (bx - x0) * (ay - y0)
    doubled += cross
    x += (ax + bx - 2 * x0) * cross
    y += (ay + by - 2 * y0) * cross
  })
  if (doubled === 0) return { area: 0, at: [x0, y0] }
  return { area: Math.abs(doubled), at: [x0 + x / (3 * doubled), y0 + y / (3 * doubled)] }
}
