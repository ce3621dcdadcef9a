import { api, call } from '@/shared/api/client'
import type { components } from '@/shared/api/schema'
import { DAY_MS } from '@/shared/time/days'

export type Rosters = components['schemas']['RostersOut']
export type Roster = components['schemas']['RosterOut']
export type Week = components['schemas']['WeekOut']
export type Shift = components['schemas']['DutyShiftOut']
export type DutyPerson = Shift['people'][number]
export type Candidate = Week['candidates'][number]
export type Kind = Shift['kind']
export type Role = DutyPerson['role']

export const KINDS: readonly Kind[] = ['day', 'night', 'whole']
export const ROLES: readonly Role[] = ['leader', 'chief', 'seat']

export const loadRosters = (q: string, signal: AbortSignal): Promise<Rosters> =>
  call(api.GET('/api/duty', { params: { query: q ? { q } : {} }, signal }))

export const loadWeek = (unit: number, monday: string, signal?: AbortSignal): Promise<Week> =>
  call(
    api.GET('/api/duty/week', {
      params: { query: { unit_id: unit, monday } },
      ...(signal ? { signal } : {}),
    }),
  )

/** The Monday of the week a Beijing day (`YYYY-MM-DD`) lies in. */
export function mondayOf(day: string): string {
  const at = Date.parse(`${day}T00:00:00Z`)
  return dayText(at - ((new Date(at).getUTCDay() + 6) % 7) * DAY_MS)
}

export function plusDays(day: string, days: number): string {
  return dayText(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS)
}

function dayText(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}

export interface PersonDraft {
  id: string | null
  role: Role
  /** An account of the unit, or a name that was typed. */
  who: number | string
  title: string
  phone: string
  /** Null keeps the number there is. */
  mobile: string | null
  masked: string
}

export function draftOf(person: DutyPerson): PersonDraft {
  return {
    id: person.id,
    role: person.role,
    who: person.user_id ?? person.name,
    title: person.title,
    phone: person.phone,
    mobile: null,
    masked: person.mobile,
  }
}

export function emptyDraft(role: Role, phone: string): PersonDraft {
  return { id: null, role, who: '', title: '', phone, mobile: '', masked: '' }
}

export function personIn(draft: PersonDraft): components['schemas']['DutyPersonIn'] {
  const { id, role, who, title, phone, mobile } = draft
  const named = typeof who === 'number' ? { user_id: who, name: '' } : { user_id: null, name: who }
  return { id, role, title, phone, mobile, ...named }
}
