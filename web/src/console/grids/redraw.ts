// Sending a redrawing: the same request first as a preview, which writes nothing, then for good.
import { api, call } from '@/shared/api/client'
import type { LonLat } from '@/shared/map'

import type { Drawing } from './model'
import { shapeOf, type Shape } from './shape'

export const REDRAWINGS = ['split', 'move', 'merge', 'draw'] as const
export type RedrawKind = (typeof REDRAWINGS)[number]

export interface Plan {
  kind: RedrawKind
  code: string
  /** The corners of the line, or of the new boundary. */
  line: LonLat[]
  /** The new boundary when it was not drawn by hand. */
  given: Shape | null
  /** Neighbour whose border moves, or those merged with it. */
  others: string[]
  name: string
  valid_from: string | null
  reason: string
}

/** Where a redrawing breaks the rule of 一张网, as the refusal tells it. */
export interface Breach {
  kind: string
  lon: number
  lat: number
}

type Missing = 'line' | 'neighbour' | 'others' | 'shape'

/** What must still be given before it can be worked out. */
export function missingOf({ kind, line, others, given }: Plan): Missing | undefined {
  if (kind === 'draw') return given || shapeOf(line) ? undefined : 'shape'
  if (kind !== 'merge' && line.length < 2) return 'line'
  if (kind === 'move' && others.length !== 1) return 'neighbour'
  if (kind === 'merge' && others.length === 0) return 'others'
  return undefined
}

export function breachesOf(data: Record<string, unknown> | undefined): Breach[] {
  const found = data?.['findings']
  return Array.isArray(found) ? (found as Breach[]) : []
}

export function sendRedraw(plan: Plan, preview: boolean, key: string): Promise<Drawing> {
  const when = plan.valid_from ? { valid_from: plan.valid_from } : {}
  const common = { ...when, reason: plan.reason, preview }
  const line = { type: 'LineString' as const, coordinates: plan.line }
  const headers = { 'Idempotency-Key': key }
  const params = { path: { code: plan.code } }
  switch (plan.kind) {
    case 'split':
      return call(
        api.POST('/api/grids/{code}/split', {
          params,
          body: { ...common, line, codes: [], names: [] },
          headers,
        }),
      )
    case 'move':
      return call(
        api.POST('/api/grids/move-border', {
          body: { ...common, line, one: plan.code, other: plan.others[0] ?? '' },
          headers,
        }),
      )
    case 'merge':
      return call(
        api.POST('/api/grids/merge', {
          body: { ...common, codes: [plan.code, ...plan.others], into: plan.code, name: plan.name },
          headers,
        }),
      )
    case 'draw':
      if (plan.code.length < 15) {
        const { shape } = boundaryOf(plan.line, plan.given)
        return call(api.POST('/api/divisions/{code}/draw', { params, body: { ...common, shape }, headers }))
      }
      return call(
        api.POST('/api/grids/{code}/draw', {
          params,
          body: { ...common, ...boundaryOf(plan.line, plan.given) },
          headers,
        }),
      )
  }
}

/** A hand draws over the border of the community, and the border holds; a file from outside says what it says. */
export function boundaryOf(corners: readonly LonLat[], given: Shape | null) {
  const shape = given ?? shapeOf(corners)
  if (!shape) throw new Error('checked before')
  return { shape: shape as never, clip: !given }
}
