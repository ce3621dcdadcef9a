// Saved views: between the list's filters, as they stand in the address, and what the server keeps. Pure.
import type { components } from '@/shared/api/schema'
import type { Translate } from '@/shared/i18n/translate'
import { DAY_MS, dayAfter } from '@/shared/time/days'

import type { ExportQuery } from '../cases/calls'
import { notCounted } from '../cases/list/counted'
import { queryOf, type Asked } from '../cases/list/filters'
import type { Category, Outcome, Source, State, Urgency } from '../cases/model'

export type View = components['schemas']['ViewOut']
export type Filters = components['schemas']['ViewFilters']
export type CaseFilters = Partial<Asked>

/** `lastDays`: instead of fixed days, so many up to the day it is opened. */
export function filtersOf(asked: Asked, lastDays?: number): Filters {
  return {
    queue: asked.queue,
    state: asked.state as State[],
    urgency: asked.urgency as Urgency[],
    source: asked.source as Source[],
    outcome: asked.outcome as Outcome[],
    category: asked.category,
    code: asked.code,
    unit: asked.unit,
    since: lastDays ? null : asked.from || null,
    until: lastDays ? null : asked.to || null,
    closed_since: asked.closedFrom || null,
    closed_until: asked.closedTo || null,
    last_days: lastDays ?? null,
    late: asked.late,
    q: asked.q,
    sort: asked.sort,
  }
}

/** `today` is a day of Beijing, `2026-11-20`. */
export function askedOf(filters: Filters, today: string): Asked {
  const days = filters.last_days
  return {
    ...notCounted(),
    q: filters.q ?? '',
    queue: filters.queue ?? 'all',
    state: filters.state ?? [],
    urgency: filters.urgency ?? [],
    source: filters.source ?? [],
    outcome: filters.outcome ?? [],
    category: filters.category ?? '',
    code: filters.code ?? '',
    unit: filters.unit ?? '',
    from: days ? dayAfter(today, 1 - days) : (filters.since ?? ''),
    to: days ? today : (filters.until ?? ''),
    closedFrom: filters.closed_since ?? '',
    closedTo: filters.closed_until ?? '',
    late: filters.late ?? false,
    sort: filters.sort ?? 'newest',
  }
}

/** As a queue of the workbench asks for it, which has an order of its own. */
export function queryOfView({ filters }: View, today: string): ExportQuery {
  const query: Partial<ReturnType<typeof queryOf>> = queryOf(askedOf(filters, today), '')
  delete query.sort
  return query
}

export function isSame(asked: Asked, filters: Filters, today: string): boolean {
  const other = askedOf(filters, today)
  return (Object.keys(other) as (keyof Asked)[]).every(
    (name) => JSON.stringify(asked[name]) === JSON.stringify(other[name]),
  )
}

/** How many days a period that ends today has; undefined for any other. */
export function daysUpTo(today: string, from: string, to: string): number | undefined {
  if (!from || (to && to !== today)) return undefined
  const days = (Date.parse(`${today}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS + 1
  return days >= 1 && days <= 366 ? days : undefined
}

/** What it narrows by, in words. */
export function inWords(
  filters: Filters,
  t: Translate,
  byPath: (path: string) => Category | undefined,
): string {
  const said = [
    filters.queue && filters.queue !== 'all' ? t(`cases.queue.${filters.queue}`) : '',
    ...(filters.state ?? []).map((one) => t(`cases.state.${one}`)),
    ...(filters.urgency ?? []).map((one) => t(`cases.urgency.${one}`)),
    ...(filters.source ?? []).map((one) => t(`cases.source.${one}`)),
    ...(filters.outcome ?? []).map((one) => t(`cases.outcome.${one}`)),
    filters.category ? (byPath(filters.category)?.name ?? filters.category) : '',
    filters.code ?? '',
    filters.last_days ? t('views.lastDays', { n: filters.last_days }) : '',
    filters.since || filters.until ? `${filters.since ?? ''}–${filters.until ?? ''}` : '',
    filters.closed_since || filters.closed_until
      ? t('views.closed', { period: `${filters.closed_since ?? ''}–${filters.closed_until ?? ''}` })
      : '',
    filters.late ? t('cases.filter.late') : '',
    filters.q ? `“${filters.q}”` : '',
  ]
  return said.filter(Boolean).join(' · ') || t('cases.queue.all')
}
