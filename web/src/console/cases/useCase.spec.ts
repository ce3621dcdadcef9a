import { screen } from '@testing-library/vue'
import { defineComponent, h } from 'vue'
import { expect, test } from 'vitest'

import { answer } from '@/shared/testing/network'
import { show } from '@/shared/testing/render'

import { aCase } from './testing'
import { useCase } from './useCase'

const Shown = defineComponent({
  props: { id: { type: String, required: true } },
  setup(props) {
    const { one } = useCase(() => props.id)
    return () => h('p', one.value?.title ?? '')
  },
})

test('going on to the next case, the slower answer of the one before is never shown', async () => {
  let release: () => void = () => undefined
  answer('GET /api/cases/slow', async () => {
    await new Promise<void>((resolve) => (release = resolve))
    return { status: 200, body: aCase('slow') }
  })
  answer('GET /api/cases/next', { status: 200, body: aCase('next') })
  const { rerender } = await show(Shown, { props: { id: 'slow' } })
  await rerender({ id: 'next' })
  expect(await screen.findByText('案件next')).toBeTruthy()
  release()
  await new Promise((resolve) => setTimeout(resolve))
  expect(screen.getByText('案件next')).toBeTruthy()
})
