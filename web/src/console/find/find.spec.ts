import { fireEvent, screen, waitFor } from '@testing-library/vue'
import { beforeEach, expect, test } from 'vitest'

import { me, signOut, type Me } from '@/shared/session/session'
import { answer, sent } from '@/shared/testing/network'
import { flushPromises, show } from '@/shared/testing/render'

import messages from '../messages.zh'
import SearchBox from '../frame/SearchBox.vue'
import { stepped } from './options'
import { isPersonal } from './recent'

const CASE = { id: 'c1', title: '路灯不亮', detail: 'WG1', code: '', state: 'reported', phone: '', path: '' }
const UNIT = { id: '7', title: '水务局', detail: '', code: '', state: '', phone: '', path: 'D-SW/' }

beforeEach(() => {
  me.value = { user: { id: 5 }, permissions: ['case.read', 'reporter.read'] } as unknown as Me
})

async function types(words: string, groups: unknown[]) {
  answer('POST /api/find', { status: 200, body: { groups } })
  const shown = await show(SearchBox, { messages })
  const box = screen.getByRole('combobox')
  await fireEvent.focus(box)
  await fireEvent.update(box, words)
  await waitFor(() => {
    expect(sent.length).toBeGreaterThan(0)
  })
  return { ...shown, box }
}

test('arrows mark a row, Enter opens it, and the words are kept for the next time', async () => {
  const { box, router } = await types('路', [
    { kind: 'case', items: [CASE], more: false },
    { kind: 'unit', items: [UNIT], more: false },
  ])
  await screen.findByRole('option', { name: /水务局/ })
  await fireEvent.keyDown(box, { key: 'ArrowDown' })
  await fireEvent.keyDown(box, { key: 'ArrowDown' })
  expect(screen.getByRole('option', { selected: true }).textContent).toContain('水务局')
  await fireEvent.submit(box)
  await waitFor(() => {
    expect(router.currentRoute.value.fullPath).toBe('/cases?unit=D-SW/&queue=open')
  })
  await fireEvent.focus(screen.getByRole('combobox'))
  expect(await screen.findByRole('option', { name: '路' })).toBeTruthy()
})

test('a telephone goes to the list of cases without standing in an address, and is not kept', async () => {
  const calls = [CASE, { ...CASE, id: 'c2' }]
  const { box, router } = await types('13800138000', [{ kind: 'call', items: calls, more: false }])
  await screen.findAllByRole('option')
  await fireEvent.submit(box)
  await waitFor(() => {
    expect(router.currentRoute.value.fullPath).toBe('/cases')
  })
  expect(JSON.stringify(localStorage)).not.toContain('138')
})

test('what one person looked for is not shown to the next at the same machine', async () => {
  localStorage.setItem('wangge.find.6', JSON.stringify(['听雨路']))
  await show(SearchBox, { messages })
  await fireEvent.focus(screen.getByRole('combobox'))
  expect(screen.queryByRole('option')).toBeNull()
  expect(localStorage.getItem('wangge.find.6')).toBeNull()
})

test('the number of an identity card stands in no address, and no row leads there with it', async () => {
  const people = [
    { kind: 'member', items: [CASE, UNIT], more: true },
    { kind: 'case', items: [CASE], more: true },
  ]
  const { box, router } = await types('320104199001011234', people)
  expect(await screen.findAllByRole('option')).toHaveLength(3)
  await fireEvent.submit(box)
  await flushPromises()
  expect(router.currentRoute.value.fullPath).toBe('/')
  expect(screen.getAllByRole('option')).toHaveLength(3)
})

test('what was looked for ends with signing out', async () => {
  localStorage.setItem('wangge.find.5', JSON.stringify(['王芳']))
  answer('DELETE /api/session', { status: 204 })
  await show(SearchBox, { messages })
  await signOut().catch(() => undefined) // jsdom does not go to another page
  expect(localStorage.getItem('wangge.find.5')).toBeNull()
})

test('numbers of people are not kept, those of cases are', () => {
  expect(
    ['13800138000', '138 0013 8000', '320104199001011234', '025-84512345'].map(isPersonal),
  ).not.toContain(false)
  expect(['WG320104202611200001', '听雨路 12 号', '3 栋'].map(isPersonal)).not.toContain(true)
})

test('past the last row comes none, where Enter means the words as typed', () => {
  expect([
    stepped(-1, 1, 2),
    stepped(0, 1, 2),
    stepped(1, 1, 2),
    stepped(-1, -1, 2),
    stepped(0, -1, 2),
  ]).toEqual([0, 1, -1, 1, -1])
})
