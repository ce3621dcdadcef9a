// The board of whistles as the server gives it, and what stands in the address.
import { api, call } from '@/shared/api/client'
import type { components } from '@/shared/api/schema'
import { oneOf, text, type FilterValues } from '@/shared/lists/filters'
import { latestDays } from '@/shared/time/days'

type Schemas = components['schemas']

export type Board = Schemas['WhistleBoardOut']
export type Whistle = Schemas['WhistleFileOut']
export type Muster = Schemas['MusteredOut']

export const DAYS = ['1', '7', '30'] as const
export const FILTERS = { days: oneOf(DAYS, '7'), code: text(), unit: text() }
export type Asked = FilterValues<typeof FILTERS>

/** Within so many minutes a unit called is to be on the spot. */
export const ON_SPOT_MIN = 10
const MINUTE_MS = 60_000
const PAST_SHOWN = 30

export function loadBoard(asked: Asked, now: number, signal: AbortSignal): Promise<Board> {
  const query = { ...latestDays(Number(asked.days), now), ...narrowed(asked) }
  return call(api.GET('/api/whistles/board', { params: { query }, signal }))
}

export function loadPast(
  asked: Asked,
  page: { cursor: string | undefined; signal: AbortSignal },
): Promise<{ items: Whistle[]; next?: string | null }> {
  const query = { ...narrowed(asked), state: 'past' as const, limit: PAST_SHOWN, ...cursorOf(page.cursor) }
  return call(api.GET('/api/whistles', { params: { query }, signal: page.signal }))
}

/** Whole minutes from one instant to another. */
export function minutesBetween(from: string, to: number): number {
  return Math.max(0, Math.floor((to - Date.parse(from)) / MINUTE_MS))
}

/** Green in time, red too late; amber for who still has time, red for who has none left. */
export function toneOf(muster: Muster, now: number): 'green' | 'amber' | 'red' {
  if (muster.minutes !== null) return muster.minutes <= ON_SPOT_MIN ? 'green' : 'red'
  return minutesBetween(muster.called_at, now) < ON_SPOT_MIN ? 'amber' : 'red'
}

/** Mean of those rated, or nothing. */
export function scoreOf({ musters }: Whistle): number | undefined {
  const scores = musters.flatMap(({ score }) => (score === null ? [] : [score]))
  return scores.length > 0 ? scores.reduce((sum, one) => sum + one, 0) / scores.length : undefined
}

function narrowed({ code, unit }: Asked) {
  return { ...(/^\d{1,17}$/.test(code) ? { code } : {}), ...(unit ? { unit } : {}) }
}

function cursorOf(cursor: string | undefined) {
  return cursor === undefined ? {} : { cursor }
}
