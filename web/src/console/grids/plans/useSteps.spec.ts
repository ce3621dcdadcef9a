import { expect, test } from 'vitest'

import type { Step } from './model'
import { useSteps } from './useSteps'

const shape = (x: number) => ({
  type: 'Polygon' as const,
  coordinates: [[[x, 0], [1, 0], [1, 1], [x, 0]] as [number, number][]], // prettier-ignore
})
const shift = (code: string, x: number): Step => ({ act: 'shift', shapes: { [code]: shape(x) } })
const merge: Step = { act: 'merge', codes: ['a', 'b'], into: '', name: '' }

test('corners moved one after the other are one step, and taken back one by one', () => {
  const { steps, add, undo } = useSteps()
  add(shift('a', 0.1))
  add(shift('b', 0.2))
  expect(steps.value).toHaveLength(1)
  undo()
  expect(steps.value).toEqual([shift('a', 0.1)])
  undo()
  expect(steps.value).toEqual([])
})

test('what was taken back can be done again, until something else is done', () => {
  const { steps, add, undo, redo, canRedo } = useSteps()
  add(merge)
  add(shift('a', 0.1))
  undo()
  redo()
  expect(steps.value).toHaveLength(2)
  undo()
  add(merge)
  expect(canRedo.value).toBe(false)
})

test('codes that the server fills in are no step of their own', () => {
  const { steps, add, fillIn, undo } = useSteps()
  add(merge)
  fillIn([{ ...merge, into: '320104001001009' } as Step])
  expect(steps.value[0]).toMatchObject({ into: '320104001001009' })
  undo()
  expect(steps.value).toEqual([])
})

test('it is dirty until it is kept', () => {
  const { add, begin, dirty, steps } = useSteps()
  expect(dirty.value).toBe(false)
  add(merge)
  expect(dirty.value).toBe(true)
  begin(steps.value)
  expect(dirty.value).toBe(false)
})
