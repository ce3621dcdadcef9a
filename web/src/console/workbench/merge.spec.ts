import { expect, test } from 'vitest'

import { mergeHead } from './merge'

const row = (id: string, version = 1) => ({ id, version })
const touched = (...ids: string[]) => new Set(ids)
const ids = (rows: { id: string }[]) => rows.map(({ id }) => id).join('')

test('while somebody reads, a new case waits and no row moves', () => {
  const shown = [row('a'), row('b'), row('c')]
  const { rows, fresh } = mergeHead(shown, [row('n'), row('a'), row('b')], {
    hold: true,
    touched: touched('n'),
  })
  expect(ids(rows)).toBe('abc')
  expect(ids(fresh)).toBe('n')
})

test('a row that changed is renewed in its place', () => {
  const { rows, changed } = mergeHead([row('a'), row('b')], [row('b', 2), row('a')], {
    hold: true,
    touched: touched('b'),
  })
  expect(ids(rows)).toBe('ab')
  expect(rows[1]?.version).toBe(2)
  expect(changed).toEqual(['b'])
})

test('a row that left the queue stays to be seen while somebody reads, and goes when nobody does', () => {
  const shown = [row('a'), row('b'), row('c')]
  const head = [row('a'), row('c')]
  const held = mergeHead(shown, head, { hold: true, touched: touched('b') })
  expect([ids(held.rows), held.gone]).toEqual(['abc', ['b']])
  expect(ids(mergeHead(shown, head, { hold: false, touched: touched('b') }).rows)).toBe('ac')
})

test('at the top, new cases stand where the server puts them and later pages stay', () => {
  const { rows } = mergeHead([row('a'), row('b'), row('z')], [row('n'), row('a'), row('b')], {
    hold: false,
    touched: touched('n'),
  })
  expect(ids(rows)).toBe('nabz')
})

test('a row of a later page is not taken for gone because the first page lacks it', () => {
  const shown = ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => row(id))
  const { gone } = mergeHead(shown, [row('a'), row('b')], { hold: false, touched: touched('f') })
  expect(gone).toEqual([])
})
