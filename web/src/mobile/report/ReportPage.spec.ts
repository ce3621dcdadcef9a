import 'fake-indexeddb/auto'

import { fireEvent, screen } from '@testing-library/vue'
import { beforeEach, expect, test, vi } from 'vitest'

import { me, type Me } from '@/shared/session/session'
import { show } from '@/shared/testing/render'
import { now } from '@/shared/time/clock'

import messages from '../messages.zh'
import { pack } from '../pack/pack'
import { contentOf } from '../queue/queue'
import { db } from '../store/db'
import { openKey } from '../store/seal'
import ReportPage from './ReportPage.vue'

const HERE = { coords: { longitude: 118.79, latitude: 32.02, accuracy: 12, speed: null } }

function category(id: number, name_zh: string) {
  const rest = { scheme_id: 1, parent_id: null, is_leaf: true, evidence: [], settle_on_spot: false }
  return { id, name_zh, name_en: '', ...rest }
}

beforeEach(async () => {
  await db.open()
  await Promise.all(db.tables.map((table) => table.clear()))
  await openKey('1.2', now() + 3600_000)
  me.value = { permissions: [] } as unknown as Me
  pack.value = {
    grids: [],
    categories: [category(1, '邻里纠纷'), category(2, '暴露垃圾'), category(3, '路灯不亮')],
    likely: [{ category_id: 2, here: 48, mine: 6, by_part: [6, 6, 6, 6, 6, 6, 6, 6] }],
  } as never
  vi.stubGlobal('navigator', {
    onLine: false,
    geolocation: {
      watchPosition: (told: (at: unknown) => void) => {
        told({ ...HERE, timestamp: now() })
        return 1
      },
      clearWatch: () => undefined,
    },
  })
  vi.spyOn(window, 'scrollTo').mockImplementation(() => undefined)
})

test('without a word and without a network what is likely stands first, says why, and waits to be chosen', async () => {
  await show(ReportPage, { messages })
  const chips = screen.getAllByRole('button').filter((one) => one.hasAttribute('aria-pressed'))
  expect(chips.map(({ textContent }) => textContent.trim())).toEqual(['暴露垃圾', '邻里纠纷', '路灯不亮'])
  expect(chips.every((one) => one.getAttribute('aria-pressed') === 'false')).toBe(true)
  expect(
    screen.getByText('推荐“暴露垃圾”：本网格近半年 48 件，这个时段 6 件，您报过 6 件。由您选定。'),
  ).toBeTruthy()
  await fireEvent.click(screen.getByRole('button', { name: '上报' }))
  expect(await screen.findByText('请选一个类别，或写一句说明')).toBeTruthy()
  expect(await db.entries.count()).toBe(0)
})

test('one tap on it and one to send are enough', async () => {
  await show(ReportPage, { messages })
  await fireEvent.click(screen.getByRole('button', { name: '暴露垃圾' }))
  await fireEvent.click(screen.getByRole('button', { name: '上报' }))
  await expect.poll(() => db.entries.count()).toBe(1)
  const [row] = await db.entries.toArray()
  expect(row && (await contentOf(row)).body).toMatchObject({
    category_id: 2,
    title: '暴露垃圾',
    description: '',
    lon: 118.79,
  })
})
