// Rows and points of cases as the map draws them.
import type { CasePoints } from '@/shared/map'
import { limitState } from '@/shared/time/countdown'

import { limitFrom } from '../cases/limit'
import type { CaseRow } from '../cases/model'
import type { PointInView } from './useCasesInView'

export type { PointInView }

type Limit = CasePoints['features'][number]['properties']['limit']

export interface Placed {
  id: string
  lon: number
  lat: number
  limit: Limit
}

export function pointsOf(placed: readonly Placed[]): CasePoints {
  return {
    type: 'FeatureCollection',
    features: placed.map(({ id, limit, lon, lat }) => ({
      type: 'Feature',
      properties: { id, limit },
      geometry: { type: 'Point', coordinates: [lon, lat] },
    })),
  }
}

export function placedRows(rows: readonly CaseRow[], now: number): Placed[] {
  return rows.flatMap((row) =>
    row.lon == null || row.lat == null
      ? []
      : [{ id: row.id, lon: row.lon, lat: row.lat, limit: limitOfRow(row, now) }],
  )
}

/** What the view holds besides the rows that are loaded. */
export function othersInView(
  points: readonly PointInView[],
  rows: readonly CaseRow[],
  now: number,
): Placed[] {
  const loaded = new Set(rows.map(({ id }) => id))
  return points
    .filter(({ id }) => !loaded.has(id))
    .map((point) => ({ id: point.id, lon: point.lon, lat: point.lat, limit: limitOfPoint(point, now) }))
}

function limitOfRow(row: CaseRow, now: number): Limit {
  if (!row.due_at) return 'none'
  return limitState({ from: Date.parse(limitFrom(row)), due: Date.parse(row.due_at) }, now)
}

export function limitOfPoint({ due_at, amber_at, is_overdue }: PointInView, now: number): Limit {
  if (is_overdue) return 'red'
  if (!due_at) return 'none'
  if (Date.parse(due_at) <= now) return 'red'
  return amber_at && Date.parse(amber_at) <= now ? 'amber' : 'green'
}
