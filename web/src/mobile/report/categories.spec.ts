import { expect, test } from 'vitest'

import { leavesOf, likelyOf, reasonsFor, suggestions } from './categories'

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

function row(category_id: number, mine: number, by_part: number[]) {
  return { category_id, mine, by_part, here: by_part.reduce((sum, n) => sum + n, 0) }
}
const NIGHT = [0, 0, 0, 0, 0, 0, 0, 9]
const MORNING = [0, 0, 8, 0, 0, 0, 0, 0]

test('before a word is typed the place, the hour and what one reports oneself make a guess', () => {
  const rows = [row(7, 0, NIGHT), row(2, 6, MORNING), row(3, 0, [0, 0, 1, 0, 0, 0, 0, 0])]
  expect(likelyOf(rows, 7).map(({ id }) => id)).toEqual([2, 7, 3])
  expect(likelyOf(rows.slice(0, 2).concat(row(4, 0, NIGHT)), 23)[0]?.id).toBe(2) // all of one's own, too
  expect(likelyOf([row(7, 0, NIGHT), row(2, 0, MORNING)], 23)[0]?.id).toBe(7)
})

test('a guess says what speaks for it, and a single case is no reason', () => {
  const guesses = likelyOf([row(2, 1, MORNING), row(3, 4, [0, 0, 1, 0, 0, 0, 0, 0])], 6)
  expect(reasonsFor(2, guesses)).toEqual([
    { kind: 'here', n: 8 },
    { kind: 'hour', n: 8 },
  ])
  expect(reasonsFor(3, guesses)).toEqual([{ kind: 'mine', n: 4 }])
})

test('a handful of cases is no habit, and what has not happened is not guessed', () => {
  expect(likelyOf([row(2, 0, [1, 1, 1, 0, 0, 0, 0, 0])], 1)).toEqual([])
  expect(likelyOf([], 1)).toEqual([])
})

test('what is guessed stands first, each once, and the list follows', () => {
  const leaves = leavesOf([2, 3, 4].map((id) => category(id, null, String(id))))
  const chips = suggestions(
    leaves,
    [4, 9, 4].map((id) => ({ id, reasons: [] })),
  )
  expect(chips.map(({ id }) => id)).toEqual([4, 2, 3])
})
