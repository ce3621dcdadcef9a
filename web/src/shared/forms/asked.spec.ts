import { afterEach, expect, test } from 'vitest'

import { language } from '../i18n/language'
import { choicesOf, inOrder, inWords, titleOf, type Asked } from './asked'

const USE: Asked = {
  title: '用途',
  'x-title-en': 'Use',
  enum: ['01', '02'],
  'x-enum-titles': [
    { zh: '住宅', en: 'dwelling' },
    { zh: '商业', en: 'trade' },
  ],
}
const HAZARDS: Asked = { type: 'array', title: '隐患', items: { enum: ['fire'], 'x-enum-titles': [{ zh: '消防', en: 'fire' }] } } // prettier-ignore
const WORDS: Record<string, string> = { 'sheet.yes': '是', 'sheet.no': '否', 'sheet.item.fail': '不合格', 'sheet.joined': '、' } // prettier-ignore
const t = (key: string) => WORDS[key] ?? key

afterEach(() => {
  language.value = 'zh-CN'
})

test('a choice is said by its title, in the language that is read', () => {
  expect([titleOf(USE), inWords(USE, '02', t)]).toEqual(['用途', '商业'])
  language.value = 'en'
  expect([titleOf(USE), inWords(USE, '02', t), titleOf(HAZARDS)]).toEqual(['Use', 'trade', '隐患'])
})

test('what is known by no title stands as it was said', () => {
  expect([inWords(USE, '09', t), titleOf(undefined, 'use')]).toEqual(['09', 'use'])
})

test('yes and no, items, several, numbers with their unit, and nothing', () => {
  expect(inWords({ type: 'boolean' }, false, t)).toBe('否')
  expect(inWords({ 'x-item': true }, 'fail', t)).toBe('不合格')
  expect(inWords(HAZARDS, ['fire', 'fire'], t)).toBe('消防、消防')
  expect(inWords({ type: 'integer', 'x-unit': '人' }, 0, t)).toBe('0 人')
  expect([inWords(USE, '', t), inWords(HAZARDS, [], t), inWords(USE, null, t)]).toEqual(['—', '—', '—'])
})

test('what may be chosen is all that the schema allows', () => {
  expect(choicesOf({ type: 'boolean' }, t).map(({ value }) => value)).toEqual([true, false])
  expect(choicesOf({ 'x-item': true }, t).map(({ value }) => value)).toEqual(['pass', 'fail', 'na'])
  expect(choicesOf({ type: 'string' }, t)).toEqual([])
})

test('fields stand in the order of the sheet', () => {
  expect(inOrder({ properties: { a: 1, b: 2 }, 'x-order': ['b', 'gone', 'a'] })).toEqual([
    ['b', 2],
    ['a', 1],
  ])
})
