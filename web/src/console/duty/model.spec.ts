import { expect, test } from 'vitest'

import { draftOf, mondayOf, personIn, plusDays, type DutyPerson } from './model'

test('a week begins on its Monday, over the ends of months and years', () => {
  expect(['2026-03-09', '2026-03-15', '2026-01-01'].map(mondayOf)).toEqual([
    '2026-03-09',
    '2026-03-09',
    '2025-12-29',
  ])
  expect([plusDays('2026-02-28', 1), plusDays('2026-01-01', -1)]).toEqual(['2026-03-01', '2025-12-31'])
})

const LEADER: DutyPerson = {
  id: '0193a1d0-0000-7000-8000-000000000001',
  role: 'leader',
  user_id: null,
  name: '林带班',
  title: '副主任',
  phone: '025-52000001',
  mobile: '199****1234',
}

test('a masked mobile is never written back: a person taken over keeps the number there is', () => {
  expect(personIn(draftOf(LEADER))).toMatchObject({
    id: LEADER.id,
    name: '林带班',
    user_id: null,
    mobile: null,
  })
  expect(personIn(draftOf({ ...LEADER, user_id: 7 }))).toMatchObject({ user_id: 7, name: '' })
})
