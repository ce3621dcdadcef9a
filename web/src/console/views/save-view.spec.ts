import { fireEvent, screen, waitFor } from '@testing-library/vue'
import { expect, test } from 'vitest'

import { answer, sent } from '@/shared/testing/network'
import { show } from '@/shared/testing/render'

import { askedOf } from './model'
import messages from './i18n.zh'
import SaveView from './SaveView.vue'
import { useViews } from './useViews'

const TODAY = '2026-11-20'
const keys = () =>
  sent.filter(({ method }) => method === 'POST').map(({ headers }) => headers.get('Idempotency-Key'))

async function open(tabs: number) {
  useViews().views.value = Array.from({ length: tabs }, (_, id) => ({ id, pinned: id })) as never
  answer('GET /api/schemes', { status: 200, body: [] })
  const { emitted } = await show(SaveView, {
    props: { asked: askedOf({} as never, TODAY), today: TODAY },
    messages: { views: messages },
  })
  await fireEvent.update(screen.getByRole('textbox', { name: messages.name }), '超期')
  return {
    emitted,
    save: () => fireEvent.submit(screen.getByRole('textbox', { name: messages.name })),
  }
}

test('with all tabs taken a view is saved without one', async () => {
  answer('POST /api/views', { status: 201, body: { id: 9, name: '超期' } })
  answer('GET /api/views', { status: 200, body: [] })
  const { emitted, save } = await open(8)
  await save()
  await waitFor(() => {
    expect(emitted()['done']).toBeTruthy()
  })
  expect(sent.some(({ path }) => path === '/api/views/pins')).toBe(false)
})

test('a save whose answer was lost is the same one when it is tried again', async () => {
  answer('POST /api/views', { status: 503, body: { code: 'busy', message: '稍后再试' } })
  const { save } = await open(0)
  await save()
  await screen.findByText('稍后再试')
  await save()
  await waitFor(() => {
    expect(keys()).toHaveLength(2)
  })
  expect(keys()[0]).toBe(keys()[1])
})
