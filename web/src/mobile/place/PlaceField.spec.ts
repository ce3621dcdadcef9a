import { beforeEach, expect, test, vi } from 'vitest'

import { answer } from '@/shared/testing/network'
import { show } from '@/shared/testing/render'

import messages from '../messages.zh'
import { pack } from '../pack/pack'
import PlaceField from './PlaceField.vue'

const PLACE = { lon: 118.79, lat: 32.02, accuracy: 12, address: '' }
const AROUND = {
  type: 'Polygon',
  coordinates: [
    [
      [118.7, 32],
      [118.8, 32],
      [118.8, 32.1],
      [118.7, 32.1],
      [118.7, 32],
    ],
  ],
}

beforeEach(() => {
  vi.stubGlobal('navigator', {
    onLine: true,
    geolocation: { watchPosition: () => 1, clearWatch: () => undefined },
  })
})

test('a place that was found before the grids came is said with its grid when they come', async () => {
  pack.value = undefined
  answer('GET /api/grids/locate', { status: 503 })
  const page = await show(PlaceField, { props: { modelValue: PLACE }, messages })
  expect(await page.findByText('已定位', { exact: false })).toBeTruthy()
  pack.value = { grids: [{ code: '1', name: '梅湾第1网格', polygon: AROUND }] } as never
  expect(await page.findByText('位于 梅湾第1网格', { exact: false })).toBeTruthy()
})

test('what stands on record is said so until it is moved', async () => {
  const page = await show(PlaceField, {
    props: { modelValue: { ...PLACE, accuracy: null }, fixed: true },
    messages,
  })
  expect(page.getByText('已登记的位置')).toBeTruthy()
})
