import { screen, waitFor } from '@testing-library/vue'
import { computed, defineComponent, h, nextTick, ref } from 'vue'
import { expect, test } from 'vitest'

import { ApiError } from '@/shared/api/errors'
import { show } from '@/shared/testing/render'

import { useShown, type Shown } from './useShown'

async function open(ask: (id: string) => Promise<string>) {
  const id = ref('a')
  let shown: Shown<string> | undefined
  await show(
    defineComponent(() => {
      const made = useShown(() => id.value, ask)
      shown = made
      const text = computed(() => made.found.value ?? (made.error.value ? 'failed' : 'nothing'))
      return () => h('p', text.value)
    }),
  )
  if (!shown) throw new Error('not rendered')
  return { id, shown }
}

test('one thing never stands under the id of another, while it is asked for or when it is not there', async () => {
  let refuse: (why: Error) => void = () => undefined
  const { id } = await open((asked) =>
    asked === 'a' ? Promise.resolve('A') : new Promise((_, reject) => (refuse = reject)),
  )
  await screen.findByText('A')
  id.value = 'b'
  await nextTick()
  expect(screen.getByText('nothing')).toBeTruthy()
  refuse(new ApiError(404, 'not_found', 'not there'))
  await waitFor(() => screen.getByText('failed'))
})

test('it stays while it is asked for again', async () => {
  let times = 0
  const { shown } = await open(() => (++times === 1 ? Promise.resolve('A') : new Promise(() => undefined)))
  await screen.findByText('A')
  void shown.load()
  await nextTick()
  expect(screen.getByText('A')).toBeTruthy()
})
