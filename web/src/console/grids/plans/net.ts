// The grids of one community as one net: a corner that neighbours share is one corner, and they follow it together.
// Nothing here is changed in place. WGS-84, [lon, lat].
import type { Polygon, Position } from 'geojson'

import type { LonLat } from '@/shared/map'

import type { Shape } from '../shape'

/** By code; the community itself is not among them. */
export type Shapes = Readonly<Record<string, Shape>>

export interface Net {
  border: Shape
  grids: Shapes
}

export interface Corner {
  at: LonLat
  /** Inside it moves freely; on the border of the community it slides along a straight part of it. */
  free: boolean
  slide?: readonly [LonLat, LonLat]
}

/** Decimals of a degree: a centimetre. What lies no further apart is one corner. */
const FINE = 7
/** Degrees, about 2 cm: no further from a border than this is on it. */
const NEAR = 2e-7

export const keyOf = ([lon = 0, lat = 0]: Position) => `${lon.toFixed(FINE)},${lat.toFixed(FINE)}`
const same = (one: Position, other: Position) => keyOf(one) === keyOf(other)

/** With a corner of its own wherever a neighbour has one on its border. */
export function noded({ border, grids }: Net): Net {
  const corners = unique([border, ...Object.values(grids)].flatMap(ringsOf).flat())
  const complete = (shape: Shape) => mapRings(shape, (ring) => completed(ring, corners))
  return {
    border: complete(border),
    grids: Object.fromEntries(Object.entries(grids).map(([code, shape]) => [code, complete(shape)])),
  }
}

/** Corners that can be moved: those of two grids or more, and those where a border between grids meets the outside. */
export function cornersOf({ border, grids }: Net): Corner[] {
  const holders = new Map<string, { at: LonLat; count: number }>()
  for (const shape of Object.values(grids))
    for (const position of unique(ringsOf(shape).flat())) {
      const found = holders.get(keyOf(position))
      if (found) found.count += 1
      else holders.set(keyOf(position), { at: position as LonLat, count: 1 })
    }
  const outside = neighboursOnBorder(border)
  return [...holders].flatMap(([key, { at, count }]): Corner[] => {
    if (count < 2) return []
    const beside = outside.get(key)
    if (!beside) return [{ at, free: true }]
    return isStraight(beside[0], at, beside[1]) ? [{ at, free: false, slide: beside }] : []
  })
}

/** The middles of borders between two grids, where a corner can be added. */
export function middlesOf({ grids }: Net): { at: LonLat; from: LonLat; to: LonLat }[] {
  const edges = new Map<string, { from: LonLat; to: LonLat; count: number }>()
  for (const ring of Object.values(grids).flatMap(ringsOf))
    for (const [from, to] of edgesOf(ring)) {
      const key = [keyOf(from), keyOf(to)].sort().join(' ')
      const found = edges.get(key)
      if (found) found.count += 1
      else edges.set(key, { from, to, count: 1 })
    }
  return [...edges.values()]
    .filter(({ count }) => count > 1)
    .map(({ from, to }) => ({ at: [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2], from, to }))
}

/** The shapes that change when a corner goes elsewhere. */
export function moved({ grids }: Net, from: LonLat, to: LonLat): Shapes {
  return changed(grids, (ring) => ring.map((position) => (same(position, from) ? to : position)))
}

export function added({ grids }: Net, edge: { from: LonLat; to: LonLat }, at: LonLat): Shapes {
  return changed(grids, (ring) =>
    ring.flatMap((position, index) => {
      const next = ring[index + 1]
      const isEdge =
        next &&
        ((same(position, edge.from) && same(next, edge.to)) ||
          (same(position, edge.to) && same(next, edge.from)))
      return isEdge ? [position, at] : [position]
    }),
  )
}

/** Nothing where a grid would lose its last three corners. */
export function removed({ grids }: Net, at: LonLat): Shapes {
  const found = changed(grids, (ring) => {
    const open = ring.slice(0, -1).filter((position) => !same(position, at))
    return [...open, ...open.slice(0, 1)]
  })
  const isWhole = Object.values(found).every((shape) => ringsOf(shape).every((ring) => ring.length > 3))
  return isWhole ? found : {}
}

/** Where a corner may go that somebody wants there: along its part of the border it never leaves. */
export function allowed({ at, free, slide }: Corner, to: LonLat): LonLat {
  if (free) return to
  if (!slide) return at
  const [[x1, y1], [x2, y2]] = slide
  const [dx, dy] = [x2 - x1, y2 - y1]
  const along = ((to[0] - x1) * dx + (to[1] - y1) * dy) / (dx * dx + dy * dy || 1)
  const part = Math.min(0.98, Math.max(0.02, along))
  return [x1 + dx * part, y1 + dy * part]
}

export function ringsOf(shape: Shape): Position[][] {
  return shape.type === 'Polygon' ? shape.coordinates : shape.coordinates.flat()
}

function changed(grids: Shapes, turn: (ring: Position[]) => Position[]): Shapes {
  const found: Record<string, Shape> = {}
  for (const [code, shape] of Object.entries(grids)) {
    const after = mapRings(shape, turn)
    const [now, before] = [ringsOf(after), ringsOf(shape)]
    const differs = now.some((ring, index) => {
      const was = before[index] ?? []
      return ring.length !== was.length || ring.some((position, place) => !same(position, was[place] ?? []))
    })
    if (differs) found[code] = after
  }
  return found
}

function mapRings(shape: Shape, turn: (ring: Position[]) => Position[]): Shape {
  return shape.type === 'Polygon'
    ? { type: 'Polygon', coordinates: shape.coordinates.map(turn) }
    : { type: 'MultiPolygon', coordinates: shape.coordinates.map((part) => part.map(turn)) }
}

function completed(ring: Polygon['coordinates'][number], corners: readonly Position[]): Position[] {
  return ring.flatMap((position, index) => {
    const next = ring[index + 1]
    return next ? [position, ...between(position, next, corners)] : [position]
  })
}

/** Corners that lie on the way, in the order of the way. */
function between(from: Position, to: Position, corners: readonly Position[]): Position[] {
  const [x1 = 0, y1 = 0] = from
  const [x2 = 0, y2 = 0] = to
  const [dx, dy] = [x2 - x1, y2 - y1]
  const square = dx * dx + dy * dy
  if (square === 0) return []
  const found: { at: Position; along: number }[] = []
  for (const at of corners) {
    const [x = 0, y = 0] = at
    const along = ((x - x1) * dx + (y - y1) * dy) / square
    if (along <= 0 || along >= 1 || same(at, from) || same(at, to)) continue
    if (Math.hypot(x - x1 - dx * along, y - y1 - dy * along) <= NEAR) found.push({ at, along })
  }
  return found.sort((one, other) => one.along - other.along).map(({ at }) => at)
}

function unique(positions: Position[]): Position[] {
  return [...new Map(positions.map((position) => [keyOf(position), position])).values()]
}

function* edgesOf(ring: Position[]): Generator<[LonLat, LonLat]> {
  for (const [index, position] of ring.entries()) {
    const next = ring[index + 1]
    if (next) yield [position as LonLat, next as LonLat]
  }
}

function neighboursOnBorder(border: Shape): Map<string, [LonLat, LonLat]> {
  const found = new Map<string, [LonLat, LonLat]>()
  for (const ring of ringsOf(border)) {
    const open = ring.slice(0, -1)
    open.forEach((position, index) => {
      const before = open[(index + open.length - 1) % open.length] ?? position
      const after = open[(index + 1) % open.length] ?? position
      found.set(keyOf(position), [before as LonLat, after as LonLat])
    })
  }
  return found
}

function isStraight([x1, y1]: LonLat, [x, y]: LonLat, [x2, y2]: LonLat): boolean {
  const length = Math.hypot(x2 - x1, y2 - y1) || 1
  return Math.abs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / length <= NEAR
}
