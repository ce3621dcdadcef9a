import 'fake-indexeddb/auto'

import { fireEvent, screen } from '@testing-library/vue'
import { beforeEach, expect, test } from 'vitest'

import { show } from '@/shared/testing/render'
import { now } from '@/shared/time/clock'

import type { Pack, RoundOut } from '../field'
import messages from '../messages.zh'
import { pack } from '../pack/pack'
import { position } from '../place/position'
import { contentOf } from '../queue/queue'
import { db } from '../store/db'
import { openKey } from '../store/seal'
import CheckSheet from './CheckSheet.vue'
import type { CheckBody, ShownPoint } from './rounds'

const ROUND = { id: 'r1', plan: '早间巡查' } as unknown as RoundOut
const POINT = {
  id: 7,
  name: '北门岗亭',
  near: true,
  radius_m: 30,
  photo_needed: false,
} as unknown as ShownPoint

const FORM = {
  code: 'patrol_point',
  version: 2,
  name_zh: '巡查点情况',
  schema: { properties: { note: { type: 'string', title: '现场情况' } }, required: ['note'] },
}
const ASKING = { ...ROUND, form: FORM.code }

async function sent() {
  const [entry] = await db.entries.toArray()
  return entry && ((await contentOf(entry)).body as CheckBody)
}

beforeEach(async () => {
  pack.value = { forms: [FORM] } as unknown as Pack
  await db.open()
  await Promise.all(db.tables.map((table) => table.clear()))
  await openKey('1.2', now() + 3600_000)
})

async function checks(more: { round?: RoundOut; token?: string } = {}) {
  await show(CheckSheet, { props: { round: ROUND, point: POINT, ...more }, messages })
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

test('where the plan names a form its sheet is asked for, and goes with the check', async () => {
  position.value = { lon: 118.79, lat: 32.02, accuracy: 8, speed: null, at: now() }
  await checks({ round: ASKING })
  expect(await screen.findByText('请填写此项')).toBeTruthy()
  expect(await db.entries.count()).toBe(0)
  await fireEvent.update(screen.getByLabelText(/现场情况/), '护栏完好')
  await fireEvent.click(screen.getByRole('button', { name: '打卡' }))
  await expect.poll(() => db.entries.count()).toBe(1)
  expect(await sent()).toMatchObject({
    how: 'place',
    sheet: { form: 'patrol_point', version: 2, answers: { note: '护栏完好' } },
  })
})

test('a point that is skipped needs no sheet', async () => {
  await checks({ round: ASKING })
  await fireEvent.click(screen.getByRole('button', { name: '跳过' }))
  await fireEvent.update(screen.getByLabelText('为什么跳过'), '道路封闭')
  await fireEvent.click(screen.getByRole('button', { name: '跳过' }))
  await expect.poll(() => db.entries.count()).toBe(1)
  expect(await sent()).not.toHaveProperty('sheet')
})

test('who scanned the sign stood before it: its sheet goes with the code, without a position', async () => {
  position.value = undefined
  await checks({ round: ASKING, token: 'sign-7' })
  await fireEvent.update(screen.getByLabelText(/现场情况/), '护栏完好')
  await fireEvent.click(screen.getByRole('button', { name: '打卡' }))
  await expect.poll(() => db.entries.count()).toBe(1)
  expect(await sent()).toMatchObject({
    how: 'code',
    token: 'sign-7',
    sheet: { answers: { note: '护栏完好' } },
  })
})
