import { expect, test } from 'vitest'

import openapi from '../../openapi.json?raw'
import en from './i18n.en'
import zh from './i18n.zh'

const { components } = JSON.parse(openapi) as { components: { schemas: { Move: { enum: string[] } } } }

test('every move of a case is called by its name in the live feed', () => {
  const moves = components.schemas.Move.enum
  expect(moves).toContain('confirm_whistle')
  for (const { move } of [zh, en]) expect(moves.filter((one) => !(one in move))).toEqual([])
})
