import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { defineComponent, nextTick } from 'vue'

import { answer, sent } from '@/shared/testing/network'
import { show } from '@/shared/testing/render'

import type { Step } from './model'
import { useDrawing, type Drawing } from './useDrawing'

const EFFECT = '/api/plans/effect'
const merge: Step = { act: 'merge', codes: ['a', 'b'], into: 'a', name: '' }
const split: Step = { act: 'split', code: 'a', line: [], codes: ['c', 'd'], names: [] }
const shapes = { a: { type: 'Polygon' as const, coordinates: [] } }

beforeEach(() => {
  vi.useFakeTimers()
  answer(`POST ${EFFECT}`, ({ body }) => ({ status: 200, body: { ...(body as object), after: [] } }))
})
afterEach(() => {
  vi.useRealTimers()
})

async function drawing(...begun: Step[]): Promise<Drawing> {
  let made: Drawing | undefined
  await show(
    defineComponent(() => {
      made = useDrawing(begun, () => '2026-12-01')
      return () => undefined
    }),
  )
  if (!made) throw new Error('not set up')
  return made
}

async function answered(): Promise<void> {
  await nextTick()
  await vi.advanceTimersByTimeAsync(1_000)
}

const asked = () => sent.map(({ body }) => (body as { steps: Step[] }).steps)

test('a step that was refused lies on the map no longer than it is there', async () => {
  answer(`POST ${EFFECT}`, { status: 422, body: { code: 'grids.breaks_net', message: '漏' } })
  const { steps, held, undo, live } = await drawing()
  held.value = shapes
  steps.add(merge)
  await answered()
  expect(live.message.value).toBe('漏')
  expect(held.value).toEqual(shapes)
  undo()
  await answered()
  expect(held.value).toBeUndefined()
  expect(live.message.value).toBe('')
})

test('what a sketch would have done goes with the sketch', async () => {
  const { sketch, live } = await drawing(merge)
  await answered()
  sketch(split)
  await answered()
  expect(live.effect.value?.steps).toEqual([merge, split])
  sketch(undefined)
  await answered()
  expect(live.effect.value?.steps).toEqual([merge])
  sketch(undefined)
  await answered()
  expect(asked()).toEqual([[merge], [merge, split], [merge]])
})

test('no answer is asked for again by itself', async () => {
  let fails = true
  answer(`POST ${EFFECT}`, ({ body }) => {
    if (fails) throw new TypeError('Failed to fetch')
    return { status: 200, body: { ...(body as object), after: [] } }
  })
  const { live } = await drawing(merge)
  await answered()
  expect(live.message.value).not.toBe('')
  fails = false
  await vi.advanceTimersByTimeAsync(5_000)
  expect(live.message.value).toBe('')
  expect(live.effect.value?.steps).toEqual([merge])
  expect(asked()).toHaveLength(2)
})
