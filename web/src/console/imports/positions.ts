import type { Geometry, Position } from 'geojson'

/** Every corner of any geometry, for its bounds. */
export function positionsOfAny(geometry: Geometry): Position[] {
  if (geometry.type === 'GeometryCollection') return geometry.geometries.flatMap(positionsOfAny)
  return flat(geometry.coordinates)
}

function flat(coordinates: unknown): Position[] {
  if (!Array.isArray(coordinates)) return []
  return typeof coordinates[0] === 'number' ? [coordinates as Position] : coordinates.flatMap(flat)
}
