import { expect, test } from 'vitest'

import { consultationOf, EMPTY, isBegun, reportOf, type IntakeValues } from './report'

const values = (more: Partial<IntakeValues>): IntakeValues => ({ ...EMPTY, source: 'telephone', ...more })

test('what was not said is not sent', () => {
  expect(reportOf(values({ source: 'leader', title: ' 路灯不亮 ' }), { accept: false })).toEqual({
    source: 'leader',
    title: '路灯不亮',
    description: '',
    address: '',
    evidence: [],
    accept: false,
  })
})

test('a caller is always somebody, also without a name', () => {
  const { reporter } = reportOf(values({ title: '路灯不亮', isConfidential: true }), { accept: true })
  expect(reporter).toMatchObject({ name: '', phone: '', is_confidential: true, wants_call: true })
})

test('a point outside every grid goes with the grid that was chosen for it', () => {
  const sent = reportOf(values({ place: { lon: 118.8, lat: 32 }, code: '320104001001001' }), { accept: true })
  expect(sent).toMatchObject({ lon: 118.8, lat: 32, code: '320104001001001', accept: true })
})

test('a call that was answered takes along who asked, unless they gave no name', () => {
  const typed = values({ title: '居住证怎么办', phone: ' 13800138000 ', name: '张三', code: '320104001' })
  expect(consultationOf(typed, { answerId: 7, words: '' })).toEqual({
    source: 'telephone',
    question: '居住证怎么办',
    told: '',
    code: '320104001',
    name: '张三',
    phone: '13800138000',
    answer_id: 7,
  })
  expect(
    consultationOf({ ...typed, isAnonymous: true }, { answerId: undefined, words: '九点' }),
  ).toMatchObject({
    name: '',
    told: '九点',
  })
})

test('one letter is no draft yet, a telephone or a picture is', () => {
  expect([values({}), values({ title: '路' }), values({ urgency: 'urgent' })].map(isBegun)).not.toContain(
    true,
  )
  expect([values({ phone: '138' }), values({ evidence: ['a'] })].map(isBegun)).not.toContain(false)
})
