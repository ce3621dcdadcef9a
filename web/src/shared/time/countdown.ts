// The three states of a time limit, computed on read.

export type LimitState = 'green' | 'amber' | 'red'

/** Amber from 30 % of the whole limit left (ui.md). */
const AMBER_SHARE = 0.3

export interface Limit {
  /** Instant the limit began, ms. */
  from: number
  /** Instant it is due, ms. */
  due: number
}

export function limitState({ from, due }: Limit, now: number): LimitState {
  const left = due - now
  if (left <= 0) return 'red'
  return left <= (due - from) * AMBER_SHARE ? 'amber' : 'green'
}
