import { expect, test } from 'vitest'

import { leavesOf } from './categories'

function category(id: number, parent_id: number | null, name_zh: string, is_leaf = true) {
  const name_en = `${name_zh} in English`
  return {
    id,
    scheme_id: 1,
    parent_id,
    name_zh,
    name_en,
    is_leaf,
    evidence: ['after'],
    settle_on_spot: id !== 3,
  }
}

test('what can be chosen says what it is a part of, and whether it may be settled on the spot', () => {
  const known = [category(1, null, '市容环境', false), category(2, 1, '暴露垃圾'), category(3, 1, '违法建设')]
  expect(leavesOf(known)).toEqual([
    {
      id: 2,
      name: '暴露垃圾',
      full_name: '市容环境 / 暴露垃圾',
      evidence: ['after'],
      settle_on_spot: true,
    },
    expect.objectContaining({ id: 3, settle_on_spot: false }),
  ])
})
