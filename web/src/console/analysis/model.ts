// An analysis as the server gives it, what of it stands in the address, and where each of its numbers leads.
import type { RouteLocationRaw } from 'vue-router'

import { api, call } from '@/shared/api/client'
import type { components } from '@/shared/api/schema'
import { day, oneOf, text, whole, type FilterValues } from '@/shared/lists/filters'
import { dayAfter, latestDays, type Days } from '@/shared/time/days'

import { listOf } from '../cases/list/counted'
import { OUTCOMES, SOURCES, type Outcome, type Source } from '../cases/model'

type Schemas = components['schemas']

export type Analysis = Schemas['AnalysisOut']
export type Row = Schemas['AnalysisRowOut']
export type Measure = Schemas['MeasureOut']

export const TIMES = ['day', 'week', 'month', 'hour'] as const
export const SIDES = [...TIMES, 'place', 'category', 'source', 'outcome', 'unit'] as const
export type By = (typeof SIDES)[number]
export const BESIDE = ['nothing', 'before', 'year_before'] as const
export const PRESETS = ['7', '30', '90', '365'] as const

export const FILTERS = {
  by: oneOf(SIDES, 'day'),
  days: oneOf(PRESETS, '30'),
  /** Days of one's own choosing, the last included; then `days` does not count. */
  from: day(''),
  to: day(''),
  beside: oneOf(BESIDE, 'before'),
  measure: text(),
  code: text(),
  category: text(),
  scheme: whole(0),
  source: text(),
  outcome: text(),
  unit: text(),
}
export type Asked = FilterValues<typeof FILTERS>

/** What no roll-up keeps together is not offered together. */
const TOGETHER: Record<'category' | 'source' | 'outcome' | 'unit', readonly By[]> = {
  category: ['day', 'week', 'month', 'place', 'category'],
  source: ['day', 'week', 'month', 'place', 'source'],
  outcome: ['day', 'week', 'month', 'place', 'outcome'],
  unit: ['day', 'week', 'month', 'unit'],
}

export function loadAnalysis(asked: Asked, now: number, signal: AbortSignal): Promise<Analysis> {
  return call(api.GET('/api/analysis', { params: { query: analysisQuery(asked, now) }, signal }))
}

export function analysisQuery(asked: Asked, now: number) {
  const source = SOURCES.find((one): one is Source => one === asked.source)
  const outcome = OUTCOMES.find((one): one is Outcome => one === asked.outcome)
  return {
    by: asked.by,
    beside: asked.beside,
    ...periodOf(asked, now),
    ...(/^\d{1,17}$/.test(asked.code) ? { code: asked.code } : {}),
    ...(asked.category ? { category: asked.category } : {}),
    ...(asked.category && asked.scheme > 0 ? { scheme: asked.scheme } : {}),
    ...(source ? { source } : {}),
    ...(outcome ? { outcome } : {}),
    ...(asked.unit ? { unit: asked.unit } : {}),
  }
}

/** As people read a period: with its last day, not the day after it. */
export function readDays(since: string, until: string): { since: string; until: string } {
  return { since, until: dayAfter(until, -1) }
}

/** `[since, until)`. */
export function periodOf({ from, to, days }: Asked, now: number): Days {
  return from && to ? { since: from, until: dayAfter(to) } : latestDays(Number(days), now)
}

export function offered(asked: Asked): readonly By[] {
  const narrowed = (['category', 'source', 'outcome', 'unit'] as const).find((kind) => asked[kind])
  const sides: readonly By[] = narrowed ? TOGETHER[narrowed] : SIDES
  return asked.code ? sides.filter((side) => side !== 'unit') : sides
}

/** A step down from a row, or undefined where there is nothing below. */
export function below(row: Row, by: By): Partial<Asked> | undefined {
  if (by === 'source') return { source: row.key, by: 'place' }
  if (by === 'outcome') return { outcome: row.key, by: 'place' }
  if (!row.below) return undefined
  const { narrow } = row
  if (by === 'place') return { code: String(narrow['reported_code']) }
  if (by === 'category') return { category: String(narrow['category']), scheme: Number(narrow['scheme']) }
  return by === 'unit' ? { unit: String(narrow['lead']), code: '' } : undefined
}

/** The cases that one number counts. */
export function casesOf(row: Row, measure: Measure, side: Days = row): RouteLocationRaw {
  return { path: '/cases', query: listOf({ ...row.narrow, ...measure.filters }, measure.moment, side) }
}
