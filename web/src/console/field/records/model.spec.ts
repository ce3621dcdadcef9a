import { afterEach, describe, expect, it } from 'vitest'

import { language } from '@/shared/i18n/language'

import { answersOf, saidOf, type FieldRecord } from './model'

const schema = {
  'x-order': ['met', 'hazards', 'tenants', 'exits', 'let', 'phone', 'photos', 'remark'],
  properties: {
    met: { title: '走访情况', 'x-title-en': 'Met', enum: ['met', 'absent'], 'x-enum-titles': [{ zh: '见到本人', en: 'met' }, { zh: '无人', en: 'nobody' }] }, // prettier-ignore
    hazards: { title: '隐患', items: { enum: ['fire', 'gas'], 'x-enum-titles': [{ zh: '消防', en: 'fire' }, { zh: '燃气', en: 'gas' }] } }, // prettier-ignore
    tenants: { title: '人数', 'x-unit': '人' },
    exits: { title: '通道畅通', 'x-item': true },
    let: { title: '出租', type: 'boolean' },
    phone: { title: '房东电话' },
    photos: { title: '照片', 'x-photo': true },
    remark: { title: '备注' },
  },
}
const record = {
  answers: { remark: '', exits: 'fail', phone: '138****1234', let: false, hazards: ['fire', 'gas'], met: 'met', tenants: 0, photos: ['x'], gone: '1' }, // prettier-ignore
  secrets: ['phone'],
  failed: ['exits'],
} as unknown as FieldRecord
const t = (key: string) => (key === 'sheet.joined' ? '、' : key)
const said = () => answersOf(record, schema, t).map(({ title, text }) => [title, text])

afterEach(() => {
  language.value = 'zh-CN'
})

describe('the answers of a sheet', () => {
  it('stand in its order, in words, without photos and what was left empty', () => {
    expect(said()).toEqual([
      ['走访情况', '见到本人'],
      ['隐患', '消防、燃气'],
      ['人数', '0 人'],
      ['通道畅通', 'sheet.item.fail'],
      ['出租', 'sheet.no'],
      ['房东电话', '138****1234'],
    ])
  })
  it('are English on an English page as far as the sheet is', () => {
    language.value = 'en'
    expect(said().slice(0, 2)).toEqual([
      ['Met', 'met'],
      ['隐患', 'fire、gas'],
    ])
  })
  it('are named alone where they went into the registry', () => {
    const into = { registry: { fields: ['use'] } } as unknown as FieldRecord
    const sheet = { properties: { purpose: { title: '用途', 'x-title-en': 'Use', 'x-field': 'use' } } }
    expect(saidOf(into, sheet, t)).toBe('用途')
  })
  it('say which are sealed and which did not pass', () => {
    const found = answersOf(record, schema, t)
    expect(found.filter(({ isSecret }) => isSecret).map(({ name }) => name)).toEqual(['phone'])
    expect(found.filter(({ isFailed }) => isFailed).map(({ name }) => name)).toEqual(['exits'])
  })
})
