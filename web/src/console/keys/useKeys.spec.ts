import { fireEvent, screen } from '@testing-library/vue'
import { defineComponent, h } from 'vue'
import { expect, test } from 'vitest'

import { show } from '@/shared/testing/render'

import { activeKeys, useKeys } from './useKeys'

async function open() {
  const pressed: string[] = []
  const key = (name: string) => ({ label: name, run: () => void pressed.push(name) })
  const { unmount } = await show(
    defineComponent(() => {
      useKeys({ j: key('next'), 'g 1': key('first'), 'g 2': key('second'), Enter: key('into') })
      return () => h('div', [h('input'), h('button', 'press')])
    }),
  )
  return { pressed, unmount }
}
const press = (key: string, on: Element = document.body) => fireEvent.keyDown(on, { key })

test('two keys one after the other are one, and a wrong second one is nothing', async () => {
  const { pressed } = await open()
  await press('g')
  await press('2')
  await press('g')
  await press('j')
  await press('j')
  expect(pressed).toEqual(['second', 'next'])
})

test('a field keeps its letters, a button its Enter', async () => {
  const { pressed } = await open()
  await press('j', screen.getByRole('textbox'))
  await press('Enter', screen.getByRole('button'))
  await press('j', screen.getByRole('button'))
  expect(pressed).toEqual(['next'])
})

test('what goes takes its keys with it', async () => {
  const { unmount } = await open()
  expect(Object.keys(activeKeys())).toContain('g 1')
  unmount()
  expect(Object.keys(activeKeys())).toEqual([])
})
