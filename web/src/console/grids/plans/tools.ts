// What is done on the map with a tool, as a step of the proposal once enough is known.
import type { components } from '@/shared/api/schema'
import type { LonLat } from '@/shared/map'

import type { Step } from './model'

type Ring = components['schemas']['PolygonIn']

export const TOOLS = ['shift', 'split', 'move', 'merge', 'found', 'draw', 'border', 'pass_on'] as const
export type ToolName = (typeof TOOLS)[number]

export interface Tool {
  act: ToolName
  /** Grids it is about, in the order they were chosen. */
  codes: readonly string[]
  name: string
  type: 'general' | 'dedicated'
  /** Community that takes over; empty for none chosen. */
  to: string
}

/** What is drawn with it: nothing, a line, an area. */
export function drawnWith({ act, codes, name }: Tool): 'line' | 'area' | undefined {
  if (act === 'split' && codes.length === 1) return 'line'
  if (act === 'move' && codes.length === 2) return 'line'
  if (act === 'draw' && codes.length === 1) return 'area'
  if (act === 'found' && name.trim()) return 'area'
  return act === 'border' ? 'area' : undefined
}

export function stepOf(tool: Tool, community: string, line: LonLat[], ring: Ring): Step | undefined {
  const [one = '', other = ''] = tool.codes
  const kind = drawnWith(tool)
  if (kind === 'line' && line.length < 2) return undefined
  if (kind === 'area' && (ring.coordinates[0]?.length ?? 0) < 4) return undefined
  switch (kind && tool.act) {
    case 'split':
      return { act: 'split', code: one, line, codes: [], names: [] }
    case 'move':
      return { act: 'move', one, other, line }
    case 'draw':
      return { act: 'draw', code: one, shape: ring }
    case 'border':
      return { act: 'draw', code: community, shape: ring }
    case 'found':
      return {
        act: 'found',
        under: community,
        code: '',
        name: tool.name.trim(),
        type: tool.type,
        shape: ring,
      }
    default:
      return undefined
  }
}
