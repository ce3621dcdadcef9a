import { expect, test } from 'vitest'

import type { PatrolPlan, Visited } from '../work'
import { bodyOf, draftOf, emptyDraft, swapped } from './model'
import { subjectBody, subjectOf } from './subject'

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
  const subject = {
    kind: 'shop',
    contact_name: '孙*',
    contact_phone: '138****1234',
    lon: null,
    lat: null,
    until_date: null,
  }
  const body = subjectBody(subjectOf(subject as unknown as Visited))
  expect([body.contact_name, body.contact_phone]).toEqual([null, null])
})
