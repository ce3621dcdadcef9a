// Drawing by hand along what is there: a click near a corner or a border means on it.
import type { MultiPolygon, Polygon, Position } from 'geojson'
import type { Map } from 'maplibre-gl'

import { boundsOf, positionsOf, type LonLat } from '@/shared/map'

/** Pixels: a corner draws from further away than the border between two corners. */
const CORNER = 12
const BORDER = 8

interface Pixel {
  x: number
  y: number
}

export function snapped(map: Map, at: LonLat, shapes: readonly (Polygon | MultiPolygon)[]): LonLat {
  const here = map.project(at)
  const near = shapes.filter((shape) => isNear(map, here, shape))
  let best: { lonLat: LonLat; far: number } = { lonLat: at, far: Infinity }
  for (const shape of near)
    for (const [lon = 0, lat = 0] of positionsOf(shape)) {
      const far = distance(here, map.project([lon, lat]))
      if (far <= CORNER && far < best.far) best = { lonLat: [lon, lat], far }
    }
  if (best.far < Infinity) return best.lonLat
  for (const ring of near.flatMap(ringsOf))
    for (const [index, start] of ring.entries()) {
      const end = ring[index + 1]
      if (!end) continue
      const foot = footOn(map, here, start, end)
      if (foot.far <= BORDER && foot.far < best.far) best = foot
    }
  return best.lonLat
}

function isNear(map: Map, { x, y }: Pixel, shape: Polygon | MultiPolygon): boolean {
  const bounds = boundsOf(positionsOf(shape))
  if (!bounds) return false
  const low = map.project([bounds[0], bounds[1]])
  const high = map.project([bounds[2], bounds[3]])
  return x > low.x - CORNER && x < high.x + CORNER && y < low.y + CORNER && y > high.y - CORNER
}

function ringsOf(shape: Polygon | MultiPolygon): Position[][] {
  return shape.type === 'Polygon' ? shape.coordinates : shape.coordinates.flat()
}

function footOn(map: Map, here: Pixel, start: Position, end: Position): { lonLat: LonLat; far: number } {
  const [lon = 0, lat = 0] = start
  const [toLon = 0, toLat = 0] = end
  const from = map.project([lon, lat])
  const to = map.project([toLon, toLat])
  const [dx, dy] = [to.x - from.x, to.y - from.y]
  const along = ((here.x - from.x) * dx + (here.y - from.y) * dy) / (dx * dx + dy * dy || 1)
  const part = Math.min(1, Math.max(0, along))
  const lonLat: LonLat = [lon + (toLon - lon) * part, lat + (toLat - lat) * part]
  return { lonLat, far: distance(here, { x: from.x + dx * part, y: from.y + dy * part }) }
}

const distance = (one: Pixel, other: Pixel) => Math.hypot(one.x - other.x, one.y - other.y)
