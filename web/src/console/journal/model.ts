import type { components } from '@/shared/api/schema'
import { DAY_MS, dayAfter } from '@/shared/time/days'
import { beijingDay } from '@/shared/time/format'

type Schemas = components['schemas']

export type Entry = Schemas['JournalOut']
export type Person = Schemas['PersonOut']
export type Place = Schemas['JournalPlaceOut']
export type What = Entry['what']

export const WHATS: readonly What[] = ['reading', 'writing', 'sign_in']

/** Days shown at first: the newest partitions answer at once, however long the journal is. */
const FIRST_DAYS = 30
const BEIJING = '+08:00'

/** As they stand in the address; `from` and `to` are Beijing days, both included. */
export interface Chosen {
  kind: string
  what: string
  actor: number
  subject: string
  story: boolean
  code: string
  from: string
  to: string
}

export function asked(chosen: Chosen) {
  const { kind, what, actor, subject, story, code, from, to } = chosen
  const known = WHATS.find((one) => one === what)
  return {
    kind,
    subject,
    code,
    ...(known ? { what: known } : {}),
    story: story && subject !== '',
    ...(actor ? { actor } : {}),
    ...(from ? { from: `${from}T00:00:00${BEIJING}` } : {}),
    ...(to ? { to: `${dayAfter(to)}T00:00:00${BEIJING}` } : {}), // the last day is included
  }
}

export function firstDay(now: number): string {
  return beijingDay(now - FIRST_DAYS * DAY_MS)
}
