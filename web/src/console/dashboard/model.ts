// Figures as the server counts them. Shares are always of two of these counts, never counted here.
import { api, call } from '@/shared/api/client'
import type { components } from '@/shared/api/schema'
import { me } from '@/shared/session/session'

type Schemas = components['schemas']

export type Dashboard = Schemas['DashboardOut']
export type DayFigures = Schemas['DayOut']
/** A place or a unit, as the table and the bars need it. */
export type Part = Pick<
  Schemas['PlaceOut'],
  'code' | 'name' | 'open' | 'overdue' | 'reported' | 'closed' | 'closed_in_time' | 'satisfied' | 'rated'
>
export type CategoryFigures = Schemas['CategoryFiguresOut']
/** What day, place and category have in common. */
export type Counts = Omit<CategoryFigures, 'id' | 'path' | 'name' | 'full_name'>

export const PERIODS = ['7', '30', '90', '365'] as const

export interface Asked {
  code: string
  since: string
  until: string
}

/** A post without codes sees its unit's own cases: by unit then, and not by place. */
export async function loadFigures(asked: Asked, signal: AbortSignal) {
  const options = { params: { query: asked }, signal }
  const isUnit = !asked.code && me.value?.ranges.length === 0
  const [dashboard, days, parts, categories] = await Promise.all([
    call(api.GET('/api/figures/dashboard', { params: { query: { code: asked.code } }, signal })),
    call(api.GET('/api/figures/days', options)),
    isUnit ? loadUnits(asked, signal) : call(api.GET('/api/figures/by-place', options)),
    isUnit ? { items: [] } : call(api.GET('/api/figures/by-category', options)),
  ])
  return { isUnit, dashboard, days: days.days, places: parts.items, categories: categories.items }
}

async function loadUnits({ since, until }: Asked, signal: AbortSignal): Promise<{ items: Part[] }> {
  const { items } = await call(
    api.GET('/api/figures/by-unit', { params: { query: { since, until } }, signal }),
  )
  return { items: items.map((unit) => ({ ...unit, code: '', reported: unit.dispatched })) }
}
export type Figures = Awaited<ReturnType<typeof loadFigures>>

export function sumOf(rows: readonly Counts[], key: keyof Counts): number {
  return rows.reduce((sum, row) => sum + row[key], 0)
}
