import { screen, waitFor } from '@testing-library/vue'
import { defineComponent, h } from 'vue'
import { expect, test } from 'vitest'

import { openFeed } from '@/shared/testing/live'
import { answer, sent } from '@/shared/testing/network'
import { show } from '@/shared/testing/render'

import { aRow } from '../cases/testing'
import { useQueue } from './useQueue'

const Shown = defineComponent(() => {
  const { list } = useQueue(() => undefined)
  return () =>
    h(
      'ul',
      list.items.value.map(({ title }) => h('li', title)),
    )
})
const page = (...ids: string[]) => ({ status: 200, body: { items: ids.map((id) => aRow(id)), next: null } })
const changed = (id: string) => ({ subject: { type: 'case', id }, row: aRow(id, { version: 2 }) })
const titles = () => screen.queryAllByRole('listitem').map(({ textContent }) => textContent)

test('a row that left while the server could not be asked goes by itself once it can', async () => {
  answer('GET /api/cases', page('a', 'b', 'c'))
  const feed = openFeed()
  await show(Shown, { at: '/?queue=amber' })
  await screen.findByText('案件a')
  answer('GET /api/cases', { status: 503, body: { code: 'busy', message: '稍后再试' } })
  feed.say('case.dispatched', changed('a'))
  await waitFor(() => {
    expect(sent).toHaveLength(2)
  })
  answer('GET /api/cases', page('b', 'c'))
  await waitFor(
    () => {
      expect(titles()).toEqual(['案件b', '案件c'])
    },
    { timeout: 6000 },
  )
  feed.end()
})
