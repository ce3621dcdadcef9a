import { render, screen, waitFor } from '@testing-library/vue'
import { expect, test } from 'vitest'
import { defineComponent, h } from 'vue'

import { ApiError } from '../api/errors'
import { flushPromises } from '../testing/render'
import type { View } from './BaseMapCanvas.vue'
import { useInView, useMissing } from './useInView'

const VIEW = { bounds: [118, 31, 119, 32], zoom: 12 } as unknown as View

test('what a map lacks is said once, and asked for again together', async () => {
  let isDown = true
  const asked: string[] = []
  const Layer = defineComponent({
    props: { name: { type: String, required: true } },
    setup({ name }) {
      useInView(
        () => VIEW,
        () => {
          asked.push(name)
          return isDown ? Promise.reject(new ApiError(0, 'network', '网络不通')) : Promise.resolve(1)
        },
      )
      return () => null
    },
  })
  let again: () => void = () => undefined
  const Map_ = defineComponent(() => {
    const map = useMissing()
    again = map.again
    return () => [
      h('p', map.missing.value?.message ?? '齐全'),
      h(Layer, { name: 'a' }),
      h(Layer, { name: 'b' }),
    ]
  })
  render(Map_)
  expect(await screen.findByText('网络不通')).toBeTruthy()
  await waitFor(() => {
    expect(asked).toEqual(['a', 'b']) // the other may ask later on a busy machine
  })
  await flushPromises()
  isDown = false
  again()
  await waitFor(() => {
    expect(screen.getByText('齐全')).toBeTruthy()
  })
  expect(asked.sort()).toEqual(['a', 'a', 'b', 'b'])
})
