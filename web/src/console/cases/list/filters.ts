// What the list of cases is narrowed by, as it stands in the address; a telephone number never stands there.
import { flag, many, oneOf, text, type FilterValues } from '@/shared/lists/filters'
import { DAY_MS } from '@/shared/time/days'

import type { ExportQuery } from '../calls'
import { COUNTED, countedQuery } from './counted'
import { OUTCOMES, SOURCES, STATES, URGENCIES } from '../model'
import { LIST_QUEUES, SORTS, type Sort } from '../queues'

export const FILTERS = {
  q: text(),
  queue: oneOf(LIST_QUEUES, 'all'),
  state: many(),
  urgency: many(),
  source: many(),
  outcome: many(),
  category: text(),
  code: text(),
  unit: text(),
  from: text(),
  to: text(),
  closedFrom: text(),
  closedTo: text(),
  late: flag(),
  sort: oneOf(SORTS, 'newest'),
  ...COUNTED,
}
export type Asked = FilterValues<typeof FILTERS>

/** Before the first case of any house. */
const FIRST_DAY = '2000-01-01'

/** As the server asks for it: days of Beijing become instants, `[from, to)`; what does not narrow is left out. */
export function queryOf(asked: Asked, phone: string): ExportQuery & { sort: Sort } {
  return { ...narrowedBy(asked, phone), sort: asked.sort }
}

/** The same without an order. */
export function narrowedBy(asked: Asked, phone: string): ExportQuery {
  return {
    queue: asked.queue,
    ...said('q', asked.q),
    ...said('category', asked.category),
    ...said('code', asked.code),
    ...said('unit', asked.unit),
    ...said('phone', phone),
    ...said('state', known(asked.state, STATES)),
    ...said('urgency', known(asked.urgency, URGENCIES)),
    ...said('source', known(asked.source, SOURCES)),
    ...said('outcome', known(asked.outcome, OUTCOMES)),
    ...said('reported_from', dayStart(asked.from, 0)),
    ...said('reported_to', dayStart(asked.to, 1)),
    ...said('closed_from', dayStart(asked.closedFrom, 0)),
    ...said('closed_to', dayStart(asked.closedTo, 1)),
    ...(asked.late ? { is_late: true } : {}),
    ...countedQuery(asked),
  }
}

function said<N extends string, V extends { length: number }>(name: N, value: V): Partial<Record<N, V>> {
  return (value.length > 0 ? { [name]: value } : {}) as Partial<Record<N, V>>
}

/** An address may say anything; only what is there to choose is asked for. */
function known<T extends string>(values: readonly string[], choices: readonly T[]): T[] {
  return choices.filter((choice) => values.includes(choice))
}

/** As a picker of two days shows it, which takes no half: an open end reaches to today. */
export function shownPeriod(from: string, to: string, today: string): [string, string] | null {
  return from || to ? [from || FIRST_DAY, to || today] : null
}

/** How many filters narrow the list, apart from queue and order. A period counts once. */
export function narrowing(asked: Asked, phone: string): number {
  const { q, state, urgency, source, outcome, category, code, unit, late } = asked
  const chosen = [state, urgency, source, outcome].filter((values) => values.length > 0)
  const given = [
    q,
    category,
    code,
    unit,
    late,
    phone,
    asked.from || asked.to,
    asked.closedFrom || asked.closedTo,
    ...counted(asked),
  ]
  return chosen.length + given.filter(Boolean).length
}

/** What came with a figure: its unit and its days count once each. */
function counted(asked: Asked): unknown[] {
  const { at, hour, lead, dispatchedFrom, categoryAlone, uncategorised, answered, in5, kept, settled } = asked
  const scores = asked.satisfaction.length > 0
  return [at, hour, lead, dispatchedFrom, categoryAlone, uncategorised, answered, in5, kept, settled, scores]
}

/** Empty for no day, or what is none. */
function dayStart(day: string, plus: number): string {
  const at = Date.parse(`${day}T00:00:00+08:00`)
  return Number.isNaN(at) ? '' : new Date(at + plus * DAY_MS).toISOString()
}
