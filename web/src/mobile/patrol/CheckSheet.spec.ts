import 'fake-indexeddb/auto'

import { fireEvent, screen } from '@testing-library/vue'
import { beforeEach, expect, test } from 'vitest'

import { show } from '@/shared/testing/render'
import { now } from '@/shared/time/clock'

import type { RoundOut } from '../field'
import messages from '../messages.zh'
import { position } from '../place/position'
import { db } from '../store/db'
import { openKey } from '../store/seal'
import CheckSheet from './CheckSheet.vue'
import type { ShownPoint } from './rounds'

const ROUND = { id: 'r1', plan: '早间巡查' } as unknown as RoundOut
const POINT = {
  id: 7,
  name: '北门岗亭',
  near: true,
  radius_m: 30,
  photo_needed: false,
} as unknown as ShownPoint

beforeEach(async () => {
  await db.open()
  await Promise.all(db.tables.map((table) => table.clear()))
  await openKey('1.2', now() + 3600_000)
})

async function checks() {
  await show(CheckSheet, { props: { round: ROUND, point: POINT }, messages })
  await fireEvent.click(screen.getByRole('button', { name: '打卡' }))
}

test('a position of another time is none: a photo is asked for before anything is sent', async () => {
  position.value = { lon: 118.79, lat: 32.02, accuracy: 8, speed: null, at: now() - 61_000 }
  await checks()
  expect(screen.getByText('现在没有定位，请拍一张现场照片')).toBeTruthy()
  expect(await db.entries.count()).toBe(0)
})

test('with a position of now nothing more is asked', async () => {
  position.value = { lon: 118.79, lat: 32.02, accuracy: 8, speed: null, at: now() }
  await checks()
  expect(screen.queryByText('现在没有定位，请拍一张现场照片')).toBeNull()
  await expect.poll(() => db.entries.count()).toBe(1)
})
