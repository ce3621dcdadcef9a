// Days of Beijing as the server takes them: `[since, until)`.
import { beijingDay } from './format'

const DAY_MS = 86_400_000

export interface Days {
  since: string
  until: string
}

/** The latest `days` Beijing days, today included. */
export function latestDays(days: number, now: number): Days {
  return { since: beijingDay(now - (days - 1) * DAY_MS), until: beijingDay(now + DAY_MS) }
}
