// Days of Beijing as the server takes them: `[since, until)`.
import { beijingDay } from './format'

export const DAY_MS = 86_400_000

export interface Days {
  since: string
  until: string
}

/** The latest `days` Beijing days, today included. */
export function latestDays(days: number, now: number): Days {
  return { since: beijingDay(now - (days - 1) * DAY_MS), until: beijingDay(now + DAY_MS) }
}

/** So many days after `day`, or before it. Raises RangeError where `day` is none. */
export function dayAfter(day: string, by = 1): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + by * DAY_MS).toISOString().slice(0, 10)
}
