import { expect, test } from 'vitest'

import type { FormOut, FormSchema } from '../field'
import { fieldsOf } from '../forms/model'
import { pack } from '../pack/pack'
import {
  bodyOf,
  changes,
  cleared,
  entryOf,
  filled,
  forCorrection,
  isMoved,
  masks,
  seen,
  sheetOf,
  sheetsAtPoint,
  sheetsIn,
} from './sheets'

const HOME: FormSchema = {
  properties: {
    name: { type: 'string', title: '姓名', 'x-field': 'name' },
    tie: { type: 'string', title: '关系', enum: ['lives', 'rents'], 'x-tie': true },
    phone: { type: 'string', title: '电话', 'x-field': 'phone', 'x-secret': true },
    kind: {
      type: 'string',
      title: '类别',
      enum: ['a', 'b'],
      'x-enum-titles': [
        { zh: '甲', en: 'A' },
        { zh: '乙', en: 'B' },
      ],
      'x-field': 'kind',
    },
    reason: { type: 'string', title: '原因', 'x-field': 'reason', 'x-show-if': { kind: 'b' } },
    lift: { type: 'boolean', title: '电梯', 'x-field': 'has_lift' },
    remark: { type: 'string', title: '备注' },
  },
  required: ['name', 'tie', 'kind'],
  'x-order': ['name', 'tie', 'phone', 'kind', 'reason', 'lift', 'remark'],
  'x-registry': { kind: 'home', within: ['house'], at_point: false },
}
const FORM = { code: 'collect_home', kind: 'collect', version: 3, schema: HOME } as unknown as FormOut
const VALUES = { name: '张三', phone: '138****0001', kind: 'a', has_lift: false, former: '' }

test('a sheet opens filled with what stands, and what is secret stays out of it', () => {
  expect(filled(HOME, VALUES)).toEqual({ name: '张三', kind: 'a', lift: false })
  expect(masks(HOME, VALUES)).toEqual({ phone: '138****0001' })
})

test('a correction holds only what was changed', () => {
  const before = filled(HOME, VALUES)
  expect(changes(HOME, before, { ...before })).toEqual({})
  expect(changes(HOME, before, { ...before, lift: true, phone: '' })).toEqual({ lift: true })
  expect(changes(HOME, before, { ...before, phone: '13900000002' })).toEqual({ phone: '13900000002' })
  expect(changes(HOME, before, { name: '张三', kind: 'a' })).toEqual({ lift: null })
  expect(changes(HOME, before, { ...before, remark: '门锁已换' })).toEqual({ remark: '门锁已换' })
})

test('a secret goes only when that was said', () => {
  const before = filled(HOME, VALUES)
  expect(changes(HOME, before, { ...before, phone: undefined })).toEqual({})
  const said = changes(HOME, before, { ...before, phone: null, lift: undefined })
  expect(said).toEqual({ phone: null, lift: null })
  expect(cleared(HOME, said)).toEqual(['phone'])
})

test('a place is put right where it was moved, and not where there is none', () => {
  expect(isMoved({ lon: 118.79, lat: 32.02 }, { lon: 118.79, lat: 32.02 })).toBe(false)
  expect(isMoved({ lon: 118.79, lat: 32.02 }, { lon: 118.79, lat: 32.021 })).toBe(true)
  expect(isMoved({ lon: null, lat: null }, { lon: 118.79, lat: 32.02 })).toBe(true)
  expect(isMoved({ lon: null, lat: null }, { lon: null, lat: null })).toBe(false)
})

test('what is hidden now is neither changed nor taken away', () => {
  const before = filled(HOME, { ...VALUES, kind: 'b', reason: '务工' })
  expect(changes(HOME, before, { ...before, kind: 'a' })).toEqual({ kind: 'a' })
})

test('a correction asks for no tie, and not for what was empty before', () => {
  const before = filled(HOME, { name: '张三' })
  const sheet = forCorrection(HOME, before)
  expect(fieldsOf(sheet, before).map(({ name }) => name)).not.toContain('tie')
  expect(sheet.required).toEqual(['name'])
})

test('as it stands names what was seen', () => {
  expect(seen(HOME, filled(HOME, VALUES))).toEqual(['name', 'kind', 'lift'])
})

test('sheets are found by what they are about, and not by a name known here', () => {
  pack.value = { forms: [FORM, { ...FORM, code: 'visit', schema: { properties: {} } }] } as never
  expect(sheetOf('home')?.code).toBe('collect_home')
  expect(sheetsIn('house').map(({ code }) => code)).toEqual(['collect_home'])
  expect(sheetsIn('home')).toEqual([])
  expect(sheetsAtPoint()).toEqual([])
})

test('an entry says what it is about and goes in the order of that', () => {
  const entry = entryOf({
    form: FORM,
    label: '张三',
    about: { id: 'R1', version: 4 },
    answers: { lift: true },
    subject: 'R1',
    errand: 'E1',
  })
  expect(entry.subject).toBe('registry:R1')
  expect(entry.body).toMatchObject({
    form: 'collect_home',
    version: 3,
    answers: { lift: true },
    registry: { id: 'R1', version: 4 },
    errand_id: 'E1',
  })
  expect(bodyOf({ ...entry, happenedAt: '' })?.registry.id).toBe('R1')
  expect(bodyOf({ ...entry, happenedAt: '', body: { form: 'visit' } })).toBeUndefined()
})
