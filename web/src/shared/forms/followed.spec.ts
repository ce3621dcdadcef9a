import { expect, test } from 'vitest'

import { followed } from './followed'

test('what was not touched follows what stands, what was typed stays, and what both changed is named', () => {
  const before = { title: '旧题', text: '旧文', note: '' }
  const now = followed({
    typed: { title: '旧题', text: '我写的', note: '我记的' },
    before,
    stands: { title: '新题', text: '别人写的', note: '' },
  })
  expect(now.values).toEqual({ title: '新题', text: '我写的', note: '我记的' })
  expect(now.before).toEqual({ title: '新题', text: '别人写的', note: '' })
  expect(now.both).toEqual(['text'])
})

test('both wrote the same: nothing to be named', () => {
  const now = followed({ typed: { text: '同' }, before: { text: '' }, stands: { text: '同' } })
  expect(now.both).toEqual([])
})

test('fields within a group are followed one by one, a list as a whole', () => {
  const now = followed({
    typed: { values: { phone: '1', name: '甲' }, people: ['甲', '乙'] },
    before: { values: { phone: '', name: '甲' }, people: ['甲'] },
    stands: { values: { name: '甲一', phone: '2' }, people: ['丙'] },
  })
  expect(now.values).toEqual({ values: { phone: '1', name: '甲一' }, people: ['甲', '乙'] })
  expect(now.both).toEqual(['phone', 'people'])
})

test('the fields stand in the order of the form, so that following alone is no change of anybody', () => {
  const now = followed({
    typed: { a: '1', b: '2' },
    before: { a: '1', b: '2' },
    stands: { b: '3', a: '1' } as { a: string; b: string },
  })
  expect(JSON.stringify(now.values)).toBe(JSON.stringify(now.before))
})
