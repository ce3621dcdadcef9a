// The working calendar of a year, and a draft of changes to it.
import type { components } from '@/shared/api/schema'
import { DAY_MS } from '@/shared/time/days'

type Schemas = components['schemas']

export type Calendar = Schemas['CalendarOut']
export type Day = Calendar['days'][number]
export type CalendarIn = Schemas['CalendarIn']

export interface DayDraft {
  date: string
  is_workday: boolean
  name: string
  document: string
  origin: 'override' | 'state_council'
}
export interface ShiftDraft {
  name: string
  valid_from: string
  valid_to: string | null
  shifts: [string, string][]
}
export interface Draft {
  days: Record<string, DayDraft>
  remove: string[]
  shifts: ShiftDraft[] | null
}

export interface Cell {
  date: string
  number: number
  works: boolean
  /** plain, holiday, make_up… as the server says; `draft` when the draft says otherwise. */
  kind: string
  name: string
  isOverride: boolean
  inDraft: boolean
}

export const emptyDraft = (): Draft => ({ days: {}, remove: [], shifts: null })

export const isEmpty = ({ days, remove, shifts }: Draft) =>
  Object.keys(days).length === 0 && remove.length === 0 && shifts === null

export function sent({ days, remove, shifts }: Draft): CalendarIn {
  return { days: Object.values(days), remove, ...(shifts ? { shifts } : {}) }
}

/** Twelve months of weeks from Monday; null stands before the first and after the last day. */
export function months(calendar: Calendar, draft: Draft): (Cell | null)[][][] {
  const said = new Map(calendar.days.map((day) => [day.date, day]))
  return Array.from({ length: 12 }, (_, month) => weeks(calendar.year, month, said, draft))
}

/** `[first, last]` both included. */
export function datesBetween(first: string, last: string): string[] {
  const [start, end] = [Date.parse(first), Date.parse(last)]
  const many = Math.round((end - start) / DAY_MS) + 1
  return Array.from({ length: Math.max(many, 0) }, (_, at) => iso(new Date(start + at * DAY_MS)))
}

function weeks(year: number, month: number, said: Map<string, Day>, draft: Draft): (Cell | null)[][] {
  const first = new Date(Date.UTC(year, month, 1))
  const before = (first.getUTCDay() + 6) % 7
  const many = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
  const cells: (Cell | null)[] = Array.from({ length: before }, () => null)
  for (let number = 1; number <= many; number += 1) {
    cells.push(cellOf(new Date(Date.UTC(year, month, number)), said, draft))
  }
  while (cells.length % 7) cells.push(null)
  return Array.from({ length: cells.length / 7 }, (_, week) => cells.slice(week * 7, week * 7 + 7))
}

function cellOf(day: Date, said: Map<string, Day>, draft: Draft): Cell {
  const date = iso(day)
  const weekend = day.getUTCDay() % 6 === 0
  const found = said.get(date)
  const drafted = draft.days[date]
  const removed = draft.remove.includes(date)
  return {
    date,
    number: day.getUTCDate(),
    works: drafted?.is_workday ?? found?.is_workday ?? !weekend,
    kind: found?.kind ?? (weekend ? 'weekend' : 'workday'),
    name: drafted ? drafted.name : (found?.name ?? ''),
    isOverride: found?.source === 'override',
    inDraft: drafted !== undefined || removed,
  }
}

function iso(day: Date): string {
  return day.toISOString().slice(0, 10)
}
