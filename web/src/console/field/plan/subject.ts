// Whom to visit, as it is edited: the last day of the reason is included here, the server's end is the day after.
import type { components } from '@/shared/api/schema'
import { dayAfter } from '@/shared/time/days'

import type { Visited } from '../work'

type SubjectIn = components['schemas']['SubjectIn']

export interface SubjectDraft {
  kind: Visited['kind']
  title: string
  grid: string
  address: string
  place?: { lon: number; lat: number } | undefined
  /** Empty: stays as it is. What is masked is never sent back. */
  contact_name: string
  contact_phone: string
  /** Takes both off the books. */
  forgets_contact: boolean
  form: string
  level: Visited['level']
  interval_days: number | null
  next_date: string | null
  post_id: number | null
  basis: string
  last_day: string | null
  note: string
  is_active: boolean
}

export function emptySubject(today: string, grid: string): SubjectDraft {
  return {
    kind: 'dwelling',
    title: '',
    grid,
    address: '',
    contact_name: '',
    contact_phone: '',
    forgets_contact: false,
    form: '',
    level: 'c',
    interval_days: null,
    next_date: today,
    post_id: null,
    basis: '',
    last_day: null,
    note: '',
    is_active: true,
  }
}

export function subjectOf(subject: Visited): SubjectDraft {
  const { kind, title, grid, address, lon, lat, form, level, next_date, post_id, basis, note, is_active } =
    subject
  return {
    ...{ kind, title, grid, address, form, level, next_date, post_id, basis, note, is_active },
    ...(lon === null || lat === null ? {} : { place: { lon, lat } }),
    interval_days: subject.own_interval,
    last_day: subject.until_date && dayAfter(subject.until_date, -1),
    contact_name: '',
    contact_phone: '',
    forgets_contact: false,
  }
}

/** `known`: the subject that is changed. A date that nobody touched is not sent: a visit may have moved it meanwhile. */
export function subjectBody(
  { place, contact_name, contact_phone, forgets_contact, last_day, next_date, ...plain }: SubjectDraft,
  known?: Visited,
): SubjectIn {
  const marked = plain.kind === 'household' ? undefined : place
  const kept = forgets_contact ? '' : null
  return {
    ...plain,
    post_id: plain.post_id || null,
    next_date: next_date === known?.next_date ? null : next_date,
    lon: marked?.lon ?? null,
    lat: marked?.lat ?? null,
    contact_name: (!forgets_contact && contact_name.trim()) || kept,
    contact_phone: (!forgets_contact && contact_phone.trim()) || kept,
    until_date: last_day ? dayAfter(last_day) : null,
  }
}
