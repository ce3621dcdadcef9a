// What figures count by and queues do not: part of the list's address, so that every figure opens the cases it counts.
import { flag, many, readFilters, text, whole, type FilterValues } from '@/shared/lists/filters'
import { DAY_MS, dayAfter } from '@/shared/time/days'

import type { ExportQuery } from '../calls'

export const COUNTED = {
  /** Division or grid where it lay when it was reported. */
  at: text(),
  hour: text(),
  scheme: whole(0),
  categoryAlone: flag(),
  uncategorised: flag(),
  /** Path of the unit that leads it, or led it last. */
  lead: text(),
  leadAlone: flag(),
  dispatchedFrom: text(),
  dispatchedTo: text(),
  answered: flag(),
  in5: flag(),
  kept: flag(),
  settled: flag(),
  satisfaction: many(),
}
export type Counted = FilterValues<typeof COUNTED>

interface Days {
  since: string
  until: string
}

/** How the server names them, where it does so otherwise. */
const NAMES: Record<string, string> = {
  reported_code: 'at',
  reported_hour: 'hour',
  category_alone: 'categoryAlone',
  no_category: 'uncategorised',
  lead_alone: 'leadAlone',
  is_answered: 'answered',
  answered_in_5: 'in5',
  self_settled: 'settled',
}

/** Nothing of it: for a set of filters that somebody put together by hand. */
export function notCounted(): Counted {
  return readFilters(COUNTED, {})
}

export function countedQuery(asked: Counted): Partial<ExportQuery> {
  const hour = /^\d{1,2}$/.test(asked.hour) && Number(asked.hour) < 24 ? Number(asked.hour) : undefined
  const satisfaction = asked.satisfaction.map(Number).filter((score) => score >= 1 && score <= 5)
  return {
    ...(/^\d{1,17}$/.test(asked.at) ? { reported_code: asked.at } : {}),
    ...(hour === undefined ? {} : { reported_hour: hour }),
    ...(asked.scheme > 0 ? { scheme: asked.scheme } : {}),
    ...(asked.categoryAlone ? { category_alone: true } : {}),
    ...(asked.uncategorised ? { no_category: true } : {}),
    ...(asked.lead ? { lead: asked.lead } : {}),
    ...(asked.leadAlone ? { lead_alone: true } : {}),
    ...instant('dispatched_from', asked.dispatchedFrom, 0),
    ...instant('dispatched_to', asked.dispatchedTo, 1),
    ...(asked.answered ? { is_answered: true } : {}),
    ...(asked.in5 ? { answered_in_5: true } : {}),
    ...(asked.kept ? { is_late: false } : {}),
    ...(asked.settled ? { self_settled: true } : {}),
    ...(satisfaction.length > 0 ? { satisfaction } : {}),
  }
}

/** The address of the list that finds what a figure counts; `moment` in those days, the last one included. */
export function listOf(
  narrow: Record<string, unknown>,
  moment: 'reported' | 'dispatched' | 'closed',
  { since, until }: Days,
): Record<string, string> {
  const [from, to] = {
    reported: ['from', 'to'],
    dispatched: ['dispatchedFrom', 'dispatchedTo'],
    closed: ['closedFrom', 'closedTo'],
  }[moment] as [string, string]
  const latest = dayAfter(until, -1)
  return {
    ...Object.fromEntries(Object.entries(narrow).map(([name, value]) => written(name, value))),
    ...(moment === 'closed' ? { queue: 'closed' } : {}),
    [from]: since,
    [to]: latest,
  }
}

function written(name: string, value: unknown): [string, string] {
  if (name === 'is_late') return [value ? 'late' : 'kept', '1']
  const text = value === true ? '1' : Array.isArray(value) ? value.join(',') : String(value)
  return [NAMES[name] ?? name, text]
}

function instant<N extends string>(name: N, day: string, plus: number): Partial<Record<N, string>> {
  const at = Date.parse(`${day}T00:00:00+08:00`)
  return (Number.isNaN(at) ? {} : { [name]: new Date(at + plus * DAY_MS).toISOString() }) as Partial<
    Record<N, string>
  >
}
