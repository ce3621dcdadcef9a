// A new grid as the page holds it, and how it is sent.
import { api, call } from '@/shared/api/client'
import type { LonLat } from '@/shared/map'

import type { Drawing, GridCard, GridType } from './model'
import { boundaryOf } from './redraw'
import { shapeOf, type Shape } from './shape'

export interface NewGrid {
  type: GridType
  /** Community, or for a micro grid its grid. */
  under: string
  name: string
  /** The last digits of its code. */
  suffix: string
  address: string
  line: LonLat[]
  given: Shape | null
  valid_from: string | null
  reason: string
}

export async function nextCode(under: string): Promise<string> {
  return (await call(api.GET('/api/grids/next-code', { params: { query: { under } } }))).code
}

export function createGrid(grid: NewGrid, free: string, key: string): Promise<GridCard> {
  const drawn = (grid.given ?? shapeOf(grid.line)) ? boundaryOf(grid.line, grid.given) : { clip: false }
  return call(
    api.POST('/api/grids', {
      body: { ...bodyOf(grid, free), ...drawn },
      headers: { 'Idempotency-Key': key },
    }),
  )
}

export function previewGrid(grid: NewGrid, free: string): Promise<Drawing> {
  return call(
    api.POST('/api/grids/preview', { body: { ...bodyOf(grid, free), ...boundaryOf(grid.line, grid.given) } }),
  )
}

/** The next free code is left to the server, which knows who was faster. */
function bodyOf({ type, under, name, suffix, address, valid_from, reason }: NewGrid, free: string) {
  const code = `${under}${suffix}`
  return {
    type,
    under,
    name: name.trim(),
    address,
    supervision_phone: '',
    reason,
    ...(code === free ? {} : { code }),
    ...(valid_from ? { valid_from } : {}),
  }
}
