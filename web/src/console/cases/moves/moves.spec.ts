import { expect, test } from 'vitest'

import { arranged, bodyOf, fieldsOf, isAtOnce, missing, type MoveValues, type Offered } from './moves'

const move = (kind: string, ...needs: string[]): Offered => ({
  kind,
  label: kind,
  needs,
  claims: true,
})
const names = (offered: Offered) =>
  fieldsOf(offered).map(({ field, required }) => field + (required ? '!' : ''))
const EMPTY: MoveValues = {
  reason: '',
  text: '',
  unit: undefined,
  assist: [],
  units: [],
  limit: { kind: 'work_hours', amount: undefined },
  outcome: '',
  evidence: [],
  score: 0,
  scores: {},
  comments: {},
  toRate: [],
  solved: undefined,
  ladder: '',
  procedure: undefined,
  case: '',
  place: undefined,
  arrived: undefined,
  correction: { title: '', category_id: undefined, urgency: 'normal', address: '', place: undefined },
  centreOnly: false,
}
const unit = (id: number) => ({ id }) as never

test.each([
  [move('refuse', 'reason'), ['reason!']],
  [move('dispatch', 'unit'), ['unit!', 'assist', 'limit', 'text']],
  [move('ask_extension', 'limit', 'reason'), ['limit!', 'reason!']],
  [move('finish', 'text', 'evidence'), ['text!', 'evidence!']],
  [move('finish', 'text'), ['text!', 'evidence']],
  [move('close', 'outcome'), ['outcome!', 'text', 'evidence']],
  [move('supervise', 'step', 'text'), ['ladder!', 'text!']],
  [move('sign_step', 'step'), ['procedure!', 'text']],
  [move('confirm_whistle', 'units'), ['units!', 'text']],
])('the form asks what the move needs: %o', (offered, fields) => {
  expect(names(offered)).toEqual(fields)
})

test('a move without needs is one press; one that asks is a form', () => {
  expect(isAtOnce(move('accept'))).toBe(true)
  expect(isAtOnce(move('sign'))).toBe(true)
  expect(isAtOnce(move('correct'))).toBe(false)
  expect(isAtOnce(move('dispatch', 'unit'))).toBe(false)
})

test('accepting a case that came without a category asks for it', () => {
  const accept = move('accept', 'category')
  expect(isAtOnce(accept)).toBe(false)
  expect(missing(fieldsOf(accept), EMPTY)).toEqual({ correction: 'cases.missing.correction' })
})

test('settling one on the spot asks for the category alone', () => {
  const settle = move('settle', 'category', 'outcome', 'text')
  const asked = fieldsOf(settle)
  expect(missing(asked, { ...EMPTY, outcome: 'solved', text: '已清理' })).toEqual({
    category: 'cases.missing.category',
  })
  const said = {
    ...EMPTY,
    outcome: 'solved',
    text: '已清理',
    correction: { ...EMPTY.correction, category_id: 7 },
  }
  expect(bodyOf(settle, asked, said as never, 3)).toEqual({
    version: 3,
    category_id: 7,
    outcome: 'solved',
    text: '已清理',
  })
})

test('only what is needed is missed, and blanks are not words', () => {
  const asked = fieldsOf(move('transfer', 'unit', 'reason'))
  expect(missing(asked, { ...EMPTY, reason: '  ' })).toEqual({
    unit: 'cases.missing.unit',
    reason: 'cases.missing.reason',
  })
  expect(missing(asked, { ...EMPTY, reason: '属地不符', unit: unit(3) })).toEqual({})
})

test('the body names the version that was looked at, and leaves out what was not said', () => {
  const dispatch = move('dispatch', 'unit')
  const values = {
    ...EMPTY,
    unit: unit(7),
    assist: [unit(8)],
    limit: { kind: 'work_days' as const, amount: 2 },
  }
  expect(bodyOf(dispatch, fieldsOf(dispatch), values, 4)).toEqual({
    version: 4,
    lead_id: 7,
    assist_ids: [8],
    limit: { kind: 'work_days', amount: '2' },
  })
  expect(bodyOf(dispatch, fieldsOf(dispatch), { ...EMPTY, unit: unit(7) }, 4)).toEqual({
    version: 4,
    lead_id: 7,
  })
})

test('a whistle is ended with a rating for each unit that was called', () => {
  const end = move('end_whistle', 'score')
  expect(bodyOf(end, fieldsOf(end), { ...EMPTY, scores: { 5: 4, 9: 2 } }, 3)).toEqual({
    version: 3,
    ratings: [
      { unit_id: 5, score: 4 },
      { unit_id: 9, score: 2 },
    ],
  })
})

test('the step forward stands first, and what is seldom done stands behind "more"', () => {
  const { usual, seldom } = arranged([
    move('refuse'),
    move('note'),
    move('correct'),
    move('accept'),
    move('hand_up'),
  ])
  expect(usual.map(({ kind }) => kind)).toEqual(['accept', 'refuse'])
  expect(seldom.map(({ kind }) => kind)).toEqual(['note', 'correct', 'hand_up'])
})

test('units that came are rated, each with its words; those that did not may be', () => {
  const asked = fieldsOf(move('end_whistle', 'score'))
  const values = { ...EMPTY, toRate: [4, 9], scores: { 4: 5, 7: 1 }, comments: { 4: ' 到场快 ', 7: '' } }
  expect(missing(asked, values)).toEqual({ scores: 'cases.missing.scores' })
  const rated = { ...values, scores: { ...values.scores, 9: 3 } }
  expect(missing(asked, rated)).toEqual({})
  expect(bodyOf(move('end_whistle', 'score'), asked, rated, 2)).toEqual({
    version: 2,
    ratings: [
      { unit_id: 4, score: 5, comment: '到场快' },
      { unit_id: 7, score: 1 },
      { unit_id: 9, score: 3 },
    ],
  })
  expect(missing(asked, EMPTY), 'nobody came: nobody is to be rated').toEqual({})
})

test('an arrival says where, and for which unit where several were called', () => {
  const arrive = move('arrive', 'place')
  expect(missing(fieldsOf(arrive), EMPTY)).toEqual({ place: 'cases.missing.place' })
  const there = { ...EMPTY, place: { lon: 118.8, lat: 32 }, arrived: 12 }
  expect(bodyOf(arrive, fieldsOf(arrive), there, 2)).toEqual({ lon: 118.8, lat: 32, unit_id: 12 })
})
