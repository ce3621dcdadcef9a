import { expect, test } from 'vitest'

import { bodyOfOne, emptyGiven, lacking, type Previewed } from './many'
import { useChosen } from './useChosen'

const ONE = { version: 4, lead: { id: 7, name: '城管中队' } } as Previewed

test('each is dispatched to the unit that was foreseen for it, for the version that was looked at', () => {
  expect(bodyOfOne('dispatch', emptyGiven(), ONE)).toEqual({ version: 4, lead_id: 7 })
  const given = { ...emptyGiven(), suggested: false, unit: { id: 9, name: '水务局' }, text: ' 请速办 ' }
  expect(bodyOfOne('dispatch', given, ONE)).toEqual({ version: 4, lead_id: 9, text: '请速办' })
})

test('a move sends nothing that it does not take', () => {
  const given = { ...emptyGiven(), outcome: 'solved' as const, ladder: 'urge' as const, text: '已核实' }
  expect(bodyOfOne('close', given, ONE)).toEqual({ version: 4, text: '已核实', outcome: 'solved' })
  expect(bodyOfOne('supervise', given, ONE)).toEqual({ version: 4, text: '已核实', step: 'urge' })
  expect(bodyOfOne('accept', given, ONE)).toEqual({ version: 4, text: '已核实' })
})

test('what is asked of all is asked before anything is foreseen', () => {
  expect(lacking('close', emptyGiven())).toBe('cases.missing.outcome')
  expect(lacking('dispatch', emptyGiven())).toBeUndefined()
  expect(lacking('dispatch', { ...emptyGiven(), suggested: false })).toBe('cases.missing.unit')
  expect(lacking('supervise', { ...emptyGiven(), ladder: 'urge' })).toBe('cases.missing.text')
})

test('shift chooses from the one chosen last through this one, either way', () => {
  const { ids, toggle, through, clear } = useChosen()
  toggle('d')
  through('b', ['a', 'b', 'c', 'd', 'e'])
  expect([...ids.value].sort()).toEqual(['b', 'c', 'd'])
  toggle('c')
  expect([...ids.value].sort()).toEqual(['b', 'd'])
  clear()
  through('e', ['a', 'e'])
  expect([...ids.value]).toEqual(['e'])
})
