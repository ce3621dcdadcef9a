import { expect, test } from 'vitest'

import openapi from '../../../openapi.json?raw'
import en from './i18n.en'
import zh from './i18n.zh'

const { components } = JSON.parse(openapi) as { components: { schemas: { Move: { enum: string[] } } } }

test('every move of a case is called by its name in the journal', () => {
  const moves = components.schemas.Move.enum
  expect(moves).toContain('confirm_whistle')
  for (const words of [zh, en]) expect(moves.filter((move) => !(move in words.kind.case))).toEqual([])
})
