import { screen, waitFor } from '@testing-library/vue'
import { defineComponent, h } from 'vue'
import { expect, test } from 'vitest'

import { flushPromises, show } from '../testing/render'
import { flag, many, text, whole } from './filters'
import { useInAddress } from './useInAddress'
import { useList, type Page } from './useList'

const filters = { q: text(), overdue: flag(), states: many() }
type Load = (q: string, cursor: string | undefined) => Promise<Page<string>>

async function open(load: Load, at = '/cases') {
  let list: ReturnType<typeof make> | undefined
  const make = () => useList({ filters, load: (values, { cursor }) => load(values.q, cursor) })
  const { router } = await show(
    defineComponent(() => {
      const made = make()
      list = made
      return () => h('p', made.items.value.join())
    }),
    { at },
  )
  if (!list) throw new Error('not rendered')
  return { list, router }
}

test('the latest request wins, whichever answers first', async () => {
  const waiting = new Map<string, (page: Page<string>) => void>()
  const { list } = await open((q) => new Promise((resolve) => waiting.set(q, resolve)))
  list.filters.q = 'first'
  await waitFor(() => {
    expect(waiting.has('first')).toBe(true)
  })
  list.filters.q = 'second'
  await waitFor(() => {
    expect(waiting.has('second')).toBe(true)
  })
  waiting.get('second')?.({ items: ['of the second'] })
  await waitFor(() => screen.getByText('of the second'))
  waiting.get('first')?.({ items: ['of the first'] })
  await flushPromises()
  expect(screen.getByText('of the second')).toBeTruthy()
})

test('filters are read from the address and written back, what is absent left out', async () => {
  const { list, router } = await open(
    () => Promise.resolve({ items: [] }),
    '/cases?overdue=1&states=a,b&tab=x',
  )
  expect({ ...list.filters }).toEqual({ q: '', overdue: true, states: ['a', 'b'] })
  list.filters.overdue = false
  list.filters.q = '路灯'
  await waitFor(() => {
    expect(router.currentRoute.value.query).toEqual({ states: 'a,b', q: '路灯', tab: 'x' })
  })
})

test('the next page is asked with the cursor and joined', async () => {
  const { list } = await open((_q, cursor) =>
    Promise.resolve(cursor ? { items: ['b'], next: null } : { items: ['a'], next: 'after-a' }),
  )
  await waitFor(() => screen.getByText('a'))
  await list.more()
  await waitFor(() => screen.getByText('a,b'))
  expect(list.hasMore.value).toBe(false)
})

test('a changed item keeps its place', async () => {
  const { list } = await open(() => Promise.resolve({ items: ['a', 'b', 'c'] }))
  await waitFor(() => screen.getByText('a,b,c'))
  expect(
    list.patch(
      (item) => item === 'b',
      () => 'B',
    ),
  ).toBe(true)
  expect(
    list.patch(
      (item) => item === 'z',
      () => 'Z',
    ),
  ).toBe(false)
  await waitFor(() => screen.getByText('a,B,c'))
})

test('a list is long once a second page was turned to, until it is loaded anew', async () => {
  const { list } = await open((_, cursor) => Promise.resolve({ items: ['one'], next: cursor ? null : 'on' }))
  await waitFor(() => {
    expect(list.hasMore.value).toBe(true)
  })
  expect(list.isLong.value).toBe(false)
  await list.more()
  expect(list.isLong.value).toBe(true)
  await list.reload()
  expect(list.isLong.value).toBe(false)
})

test('another question begins at the first page, and an address at the page it names', async () => {
  const asked: string[] = []
  let list: ReturnType<typeof make> | undefined
  const make = () =>
    useList({
      filters: { q: text(), page: whole(1) },
      load: ({ q, page }) => {
        asked.push(`${q} ${String(page)}`)
        return Promise.resolve({ items: [], count: 90 })
      },
    })
  const { router } = await show(
    defineComponent(() => {
      list = make()
      return () => h('p')
    }),
    { at: '/cases?q=path&page=3' },
  )
  expect(asked).toEqual(['path 3'])
  if (list) list.filters.q = 'lamp'
  await waitFor(() => {
    expect(asked).toEqual(['path 3', 'lamp 1'])
  })
  await router.push('/cases?q=tree&page=2')
  await waitFor(() => {
    expect(asked).toEqual(['path 3', 'lamp 1', 'tree 2'])
  })
})

test('what is opened beside a list stands in the address and leaves its page alone', async () => {
  const asked: number[] = []
  let opened: ReturnType<typeof useInAddress> | undefined
  const { router } = await show(
    defineComponent(() => {
      opened = useInAddress('id')
      useList({
        filters: { page: whole(1) },
        load: ({ page }) => {
          asked.push(page)
          return Promise.resolve({ items: [], count: 90 })
        },
      })
      return () => h('p', opened?.value)
    }),
    { at: '/cases?page=3' },
  )
  if (opened) opened.value = 'e7'
  await screen.findByText('e7')
  expect(router.currentRoute.value.query).toEqual({ page: '3', id: 'e7' })
  if (opened) opened.value = ''
  await waitFor(() => {
    expect(router.currentRoute.value.query).toEqual({ page: '3' })
  })
  await flushPromises()
  expect(asked).toEqual([3])
})
