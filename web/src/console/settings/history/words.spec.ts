import { expect, test } from 'vitest'

import { withNames } from './words'

const names = { 'unit_id:7': '城市管理局', 'category_path:01/03/': '市政设施 / 路灯不亮' }

test('what is kept by number or code is said by its name, also within lists', () => {
  expect(withNames('unit_id', 7, names)).toBe('城市管理局')
  expect(withNames('procedure', [{ name_zh: '勘察', unit_id: 7 }], names)).toEqual([
    { name_zh: '勘察', unit_id: '城市管理局' },
  ])
})

test('what has no name stays as it is', () => {
  expect(withNames('order', 7, names)).toBe(7)
  expect(withNames('limits', { handle: { kind: 'hours', amount: '9.5' } }, names)).toEqual({
    handle: { kind: 'hours', amount: '9.5' },
  })
})
