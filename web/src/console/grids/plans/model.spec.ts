import { expect, test } from 'vitest'

import { communityOf, type PlanCard, type Step } from './model'

const card = (code: string, ...steps: Step[]) => ({ code, steps }) as unknown as PlanCard

test('a proposal over two communities opens in the one that was drawn in first', () => {
  const merge: Step = { act: 'merge', codes: ['320104001002001', '320104001002002'], into: '', name: '' }
  const to = '320104001002'
  const passOn: Step = { act: 'pass_on', source: '320104001001', to, grids: [], codes: {}, ends: true }
  expect(communityOf(card('320104001', merge, passOn))).toBe('320104001002')
  expect(communityOf(card('320104001', passOn, merge))).toBe('320104001001')
})

test('an empty draft of a sub-district leaves the choice', () => {
  expect(communityOf(card('320104001'))).toBe('')
  expect(communityOf(card('320104001001'))).toBe('320104001001')
})
