import { expect, test } from 'vitest'

import type { PatrolPlan, Visited } from '../work'
import { bodyOf, draftOf, emptyDraft, swapped } from './model'
import { emptySubject, subjectBody, subjectOf } from './subject'

const PLAN = {
  id: '1',
  grid: '320199002001001',
  grid_name: '一格',
  name: '早巡',
  per: 'day',
  weekdays: [5, 1],
  times: 2,
  valid_from: '2026-11-01',
  valid_to: '2026-12-01',
  posts: [7],
  is_active: true,
  version: 3,
  route: [
    [118.1, 32],
    [118.2, 32],
  ],
  form: '',
  points: [
    {
      id: 'a',
      number: 1,
      name: '东门',
      lon: 118.1,
      lat: 32,
      radius_m: 40,
      dwell_s: 60,
      photo_needed: true,
      has_code: false,
    },
  ],
} as unknown as PatrolPlan

const SHOP = {
  kind: 'shop',
  contact_name: '孙*',
  contact_phone: '138****1234',
  lon: null,
  lat: null,
  next_date: '2026-11-20',
  until_date: null,
} as unknown as Visited

test('what was not touched goes back as it came', () => {
  const body = bodyOf(draftOf(PLAN), true)
  expect(body).toMatchObject({ valid_to: '2026-12-01', weekdays: [1, 5], posts: [7], route: PLAN.route })
  expect(body.points).toEqual([
    {
      id: 'a',
      name: '东门',
      lon: 118.1,
      lat: 32,
      radius_m: 40,
      dwell_s: 60,
      photo_needed: true,
      has_code: false,
    },
  ])
})

test('the last day is shown as people say it and sent as the first one after', () => {
  expect(draftOf(PLAN).last_day).toBe('2026-11-30')
  expect(bodyOf({ ...emptyDraft('2026-11-01', ''), last_day: '2026-11-01' }, true).valid_to).toBe(
    '2026-11-02',
  )
})

test('days of the week are not sent with a weekly plan', () => {
  expect(bodyOf({ ...draftOf(PLAN), per: 'week' }, true).weekdays).toEqual([])
})

test('points change places, the ends stay', () => {
  expect(swapped(['a', 'b', 'c'], 1, -1)).toEqual(['b', 'a', 'c'])
  expect(swapped(['a', 'b', 'c'], 2, 1)).toEqual(['a', 'b', 'c'])
})

test('a contact that was not typed anew is not sent: what is shown is masked', () => {
  const body = subjectBody(subjectOf(SHOP), SHOP)
  expect([body.contact_name, body.contact_phone]).toEqual([null, null])
})

test('a contact goes off the books only by its tick, whatever was typed before', () => {
  const body = subjectBody({ ...subjectOf(SHOP), contact_name: '孙二', forgets_contact: true }, SHOP)
  expect([body.contact_name, body.contact_phone]).toEqual(['', ''])
  expect(body).not.toHaveProperty('forgets_contact')
})

test('a date that nobody touched is not sent: a visit may have moved it since the page was opened', () => {
  expect(subjectBody(subjectOf(SHOP), SHOP).next_date).toBeNull()
  expect(subjectBody({ ...subjectOf(SHOP), next_date: '2026-12-24' }, SHOP).next_date).toBe('2026-12-24')
  expect(subjectBody(emptySubject('2026-11-01', '')).next_date).toBe('2026-11-01')
})

test('a place that was marked as a shop does not go along when it is a household', () => {
  const marked = { ...subjectOf(SHOP), place: { lon: 118.1, lat: 32 } }
  expect(subjectBody(marked, SHOP)).toMatchObject({ lon: 118.1, lat: 32 })
  expect(subjectBody({ ...marked, kind: 'household' }, SHOP)).toMatchObject({ lon: null, lat: null })
})
