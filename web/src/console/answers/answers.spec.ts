import { expect, test } from 'vitest'

import { bodyOf, changedFields, keywordsIn, valuesOf, type AnswerVersion } from './model'

const VERSION: AnswerVersion = {
  number: 1,
  restored: null,
  by_name: '周指挥',
  at: '2026-11-20T01:00:00Z',
  code: '320104',
  title_zh: '居住证怎么办理',
  text_zh: '到社区办理。',
  title_en: '',
  text_en: '',
  keywords: ['居住证'],
  category_id: null,
  valid_from: '2026-01-01',
  valid_to: '2027-01-01',
}

test('people name the last day it holds, the server the first day it holds no more', () => {
  const values = valuesOf(VERSION)
  expect(values.last_day).toBe('2026-12-31')
  expect(bodyOf(values)).toMatchObject({ valid_to: '2027-01-01', category_id: null })
  expect(bodyOf({ ...values, last_day: '' }).valid_to).toBeNull()
})

test('keywords are taken apart as people write them, single characters left out', () => {
  expect(keywordsIn('居住证、暂住证，居住证 证；')).toEqual(['居住证', '暂住证'])
})

test('a version says what it changed', () => {
  const next = { ...VERSION, number: 2, text_zh: '到街道办理。', keywords: ['居住证', '暂住证'] }
  expect(changedFields(next, VERSION)).toEqual(['text_zh', 'keywords'])
  expect(changedFields(VERSION, undefined)).toEqual([])
})
