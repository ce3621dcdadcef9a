import { screen, waitFor } from '@testing-library/vue'
import { defineComponent, h } from 'vue'
import { expect, test } from 'vitest'

import { answer, sent } from '@/shared/testing/network'
import { show } from '@/shared/testing/render'

import { keepReady } from './kept'
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

test('a case that was made ready is there at once, without asking', async () => {
  answer('GET /api/cases/first', { status: 200, body: aCase('first') })
  answer('GET /api/cases/ready', { status: 200, body: aCase('ready') })
  const { rerender } = await show(Shown, { props: { id: 'first' } })
  keepReady(['ready'])
  await waitFor(() => {
    expect(sent.map(({ path }) => path)).toContain('/api/cases/ready')
  })
  await new Promise((resolve) => setTimeout(resolve))
  const asked = sent.length
  await rerender({ id: 'ready' })
  expect(screen.getByText('案件ready')).toBeTruthy()
  expect(sent).toHaveLength(asked)
})

test('a case that could not be made ready says nothing until it is opened', async () => {
  answer('GET /api/cases/gone', { status: 404, body: { code: 'not_found', message: '没有找到' } })
  answer('GET /api/cases/here', { status: 200, body: aCase('here') })
  await show(Shown, { props: { id: 'here' } })
  keepReady(['gone'])
  expect(await screen.findByText('案件here')).toBeTruthy()
})
