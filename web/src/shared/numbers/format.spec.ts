import { expect, test } from 'vitest'

import { count, money, share } from './format'

test('thousands are separated and the unknown is a dash', () => {
  expect(count(1840000)).toBe('1,840,000')
  expect(count(null)).toBe('—')
})

test('money is printed from fen', () => {
  expect(money(123450)).toBe('¥1,234.50')
})

test('nearly all is never shown as all', () => {
  expect(share(99_999, 100_000)).toBe('99.9%')
  expect(share(100_000, 100_000)).toBe('100.0%')
})

test('a share of nothing is a dash', () => {
  expect(share(0, 0)).toBe('—')
})
