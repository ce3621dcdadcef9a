import { expect, test } from 'vitest'

import { EMPTY, reportOf, type IntakeValues } from './report'

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
