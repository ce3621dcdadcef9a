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
  form: string
  level: Visited['level']
  interval_days: number | null
  next_date: string
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
  }
}

export function subjectBody({
  place,
  contact_name,
  contact_phone,
  last_day,
  ...plain
}: SubjectDraft): SubjectIn {
  return {
    ...plain,
    post_id: plain.post_id || null,
    lon: place?.lon ?? null,
    lat: place?.lat ?? null,
    contact_name: contact_name.trim() || null,
    contact_phone: contact_phone.trim() || null,
    until_date: last_day ? dayAfter(last_day) : null,
  }
}
