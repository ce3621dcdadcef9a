import { expect, test } from 'vitest'

import { aPiece } from '../../testing'
import { pairsOf } from './pairs'

function ids(before: string[], after: string[]): string[] {
  const piece = (text: string) => {
    const [id = '', photo_type = ''] = text.split(':')
    return aPiece(id, { photo_type })
  }
  return pairsOf(before.map(piece), after.map(piece)).map(
    ({ before: one, after: other }) => `${one?.id ?? '-'} ${other?.id ?? '-'}`,
  )
}

test('near stands beside near and far beside far, whatever the order', () => {
  expect(ids(['1:near', '2:far'], ['a:far', 'b:near'])).toEqual(['2 a', '1 b'])
})

test('what says nothing of its view goes in order of time', () => {
  expect(ids(['1', '2:before'], ['a:after', 'b:after'])).toEqual(['1 a', '2 b'])
})

test('a lonely one stands beside the last of the other side', () => {
  expect(ids(['1'], ['a:after', 'b:after'])).toEqual(['1 a', '1 b'])
  expect(ids(['1', '2', '3'], ['a'])).toEqual(['1 a', '2 a', '3 a'])
})

test('one side alone makes pairs with nothing', () => {
  expect(ids(['1'], [])).toEqual(['1 -'])
  expect(ids([], ['a'])).toEqual(['- a'])
})
