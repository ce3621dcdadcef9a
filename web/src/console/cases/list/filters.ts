// What the list of cases is narrowed by, as it stands in the address; a telephone number never stands there.
import { flag, many, oneOf, text, type FilterValues } from '@/shared/lists/filters'

import { LIST_QUEUES, SORTS } from '../queues'

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
}
export type Asked = FilterValues<typeof FILTERS>

const DAY_MS = 86_400_000

/** As the server asks for it: days of Beijing become instants, `[from, to)`; what does not narrow is left out. */
export function queryOf(asked: Asked, phone: string) {
  return {
    queue: asked.queue,
    sort: asked.sort,
    ...(asked.q ? { q: asked.q } : {}),
    ...(asked.state.length > 0 ? { state: asked.state } : {}),
    ...(asked.urgency.length > 0 ? { urgency: asked.urgency } : {}),
    ...(asked.source.length > 0 ? { source: asked.source } : {}),
    ...(asked.outcome.length > 0 ? { outcome: asked.outcome } : {}),
    ...(asked.category ? { category: asked.category } : {}),
    ...(asked.code ? { code: asked.code } : {}),
    ...(asked.unit ? { unit: asked.unit } : {}),
    ...(asked.from ? { reported_from: dayStart(asked.from, 0) } : {}),
    ...(asked.to ? { reported_to: dayStart(asked.to, 1) } : {}),
    ...(asked.closedFrom ? { closed_from: dayStart(asked.closedFrom, 0) } : {}),
    ...(asked.closedTo ? { closed_to: dayStart(asked.closedTo, 1) } : {}),
    ...(asked.late ? { is_late: true } : {}),
    ...(phone ? { phone } : {}),
  }
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
  ]
  return chosen.length + given.filter(Boolean).length
}

function dayStart(day: string, plus: number): string {
  const at = Date.parse(`${day}T00:00:00+08:00`)
  return Number.isNaN(at) ? day : new Date(at + plus * DAY_MS).toISOString()
}
