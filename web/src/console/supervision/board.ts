// The board as the server gives it, and what stands in the address.
import { api, call } from '@/shared/api/client'
import type { components } from '@/shared/api/schema'
import { oneOf, text, whole, type FilterValues } from '@/shared/lists/filters'

type Schemas = components['schemas']

export type Board = Schemas['SupervisionBoardOut']
export type UnitOnBoard = Schemas['UnitOnBoardOut']
export type Supervised = Schemas['SupervisedOut']
export type Step = Schemas['LadderStepOut']

export const VIEWS = ['all', 'overdue', 'soon', 'ordered', 'yellow', 'red', 'owing'] as const
export type View = (typeof VIEWS)[number]
/** Those that are a number of the board. */
export const COUNTED = ['overdue', 'soon', 'red', 'yellow', 'ordered', 'owing'] as const
export const KINDS = ['all', 'centre', 'department', 'branch'] as const
export const HOURS = [1, 2, 4, 8, 24, 72] as const
export const PAGE_SIZE = 30

export const FILTERS = {
  view: oneOf(VIEWS, 'all'),
  kind: oneOf(KINDS, 'all'),
  unit: text(),
  code: text(),
  hours: whole(4),
  page: whole(1),
}
export type Asked = FilterValues<typeof FILTERS>

/** Of all units: the one chosen narrows the cases, not the table it is chosen from. */
export function loadBoard(asked: Asked, signal: AbortSignal): Promise<Board> {
  return call(api.GET('/api/supervision', { params: { query: queryOf({ ...asked, unit: '' }) }, signal }))
}

export function loadSupervised(
  asked: Asked,
  signal: AbortSignal,
): Promise<{ items: Supervised[]; count: number }> {
  const query = { ...queryOf(asked), view: asked.view, page: Math.max(1, asked.page), limit: PAGE_SIZE }
  return call(api.GET('/api/supervision/cases', { params: { query }, signal }))
}

function queryOf({ kind, unit, code, hours }: Asked) {
  return {
    ...(kind === 'all' ? {} : { kind }),
    ...(unit ? { unit } : {}),
    ...(/^\d{1,17}$/.test(code) ? { code } : {}),
    hours: HOURS.find((one) => one === hours) ?? 4,
  }
}
