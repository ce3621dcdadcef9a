import { expect, test } from 'vitest'

import { datesBetween, emptyDraft, isEmpty, months, sent, type Calendar } from './model'

const calendar = {
  year: 2026,
  version: 'x',
  default_shifts: [],
  shifts: [],
  unknown_years: [],
  left: 0,
  days: [
    { date: '2026-10-01', is_workday: false, kind: 'holiday', source: 'library', name: '国庆节' },
    { date: '2026-10-10', is_workday: true, kind: 'make_up', source: 'library', name: '国庆节' },
  ],
} as unknown as Calendar

const cell = (date: string, draft = emptyDraft()) =>
  months(calendar, draft)
    .flat(2)
    .find((one) => one?.date === date)

test('a year has each of its days once, in weeks from Monday', () => {
  const days = months(calendar, emptyDraft())
    .flat(2)
    .filter((one) => one !== null)
  expect(days).toHaveLength(365)
  expect(months(calendar, emptyDraft())[9]?.[0]?.findIndex((one) => one?.number === 1)).toBe(3)
})

test('holidays, make-up days and weekends are told apart', () => {
  expect(cell('2026-10-01')).toMatchObject({ works: false, kind: 'holiday', name: '国庆节' })
  expect(cell('2026-10-10')).toMatchObject({ works: true, kind: 'make_up' })
  expect(cell('2026-10-11')).toMatchObject({ works: false, kind: 'weekend' })
})

test('a draft shows on its days, and goes as the server reads it', () => {
  const draft = emptyDraft()
  expect(isEmpty(draft)).toBe(true)
  draft.days['2026-10-12'] = {
    date: '2026-10-12',
    is_workday: false,
    name: '停工',
    document: '',
    origin: 'override',
  }
  draft.remove = ['2026-03-04']
  expect(cell('2026-10-12', draft)).toMatchObject({ works: false, inDraft: true, name: '停工' })
  expect(cell('2026-03-04', draft)).toMatchObject({ inDraft: true })
  expect(sent(draft)).toEqual({ days: [draft.days['2026-10-12']], remove: ['2026-03-04'] })
})

test('a span of days has its first and its last', () => {
  expect(datesBetween('2026-02-27', '2026-03-01')).toEqual(['2026-02-27', '2026-02-28', '2026-03-01'])
})
