// Sending a redrawing: the same request first as a preview, which writes nothing, then for good.
import { api, call } from '@/shared/api/client'
import type { LonLat } from '@/shared/map'

import type { Drawing } from './model'

export type RedrawKind = 'split' | 'move' | 'merge'

export interface Plan {
  kind: RedrawKind
  code: string
  line: LonLat[]
  /** Neighbour whose border moves, or those merged with it. */
  others: string[]
  name: string
  valid_from: string | null
  reason: string
}

/** What must still be given before it can be worked out. */
export function missingOf({ kind, line, others }: Plan): 'line' | 'neighbour' | 'others' | undefined {
  if (kind !== 'merge' && line.length < 2) return 'line'
  if (kind === 'move' && others.length !== 1) return 'neighbour'
  if (kind === 'merge' && others.length === 0) return 'others'
  return undefined
}

export function sendRedraw(plan: Plan, preview: boolean, key: string): Promise<Drawing> {
  const when = plan.valid_from ? { valid_from: plan.valid_from } : {}
  const common = { ...when, reason: plan.reason, preview }
  const line = { type: 'LineString' as const, coordinates: plan.line }
  const headers = { 'Idempotency-Key': key }
  switch (plan.kind) {
    case 'split':
      return call(
        api.POST('/api/grids/{code}/split', {
          params: { path: { code: plan.code } },
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
  }
}
