import { expect, test } from 'vitest'

import { treeOf, type Unit } from './tree'

const unit = (id: number, parent_id: number | null) => ({ id, parent_id, name: String(id) }) as Unit

test('units stand under their parents, whatever order they come in', () => {
  const tree = treeOf([unit(3, 2), unit(1, null), unit(2, 1)])
  expect(tree.map(({ id }) => id)).toEqual([1])
  expect(tree[0]?.children[0]?.children.map(({ id }) => id)).toEqual([3])
})

test('a unit whose parent is not shown is not lost', () => {
  expect(treeOf([unit(2, 1)]).map(({ id }) => id)).toEqual([2])
})
