import 'fake-indexeddb/auto'

import { fireEvent, waitFor } from '@testing-library/vue'
import { beforeEach, expect, test } from 'vitest'

import { answer } from '@/shared/testing/network'
import { show } from '@/shared/testing/render'
import { now } from '@/shared/time/clock'

import type { FormOut } from '../field'
import zh from '../messages.zh'
import { pack } from '../pack/pack'
import { contentOf, enqueue, type Refusal } from '../queue/queue'
import { db } from '../store/db'
import { openKey } from '../store/seal'
import RefusedSheet from './RefusedSheet.vue'
import { bodyOf, entryOf, type AboutRecord, type SheetBody } from './sheets'

const FORM = {
  code: 'collect_home',
  kind: 'collect',
  version: 2,
  name_zh: '房屋',
  name_en: 'Home',
  schema: {
    properties: {
      room: { type: 'string', title: '户室', 'x-field': 'room' },
      use: {
        type: 'string',
        title: '用途',
        enum: ['01', '02'],
        'x-enum-titles': [
          { zh: '住宅', en: 'dwelling' },
          { zh: '商业', en: 'trade' },
        ],
        'x-field': 'use',
      },
      phone: { type: 'string', title: '电话', 'x-field': 'phone', 'x-secret': true },
    },
    required: ['room'],
    'x-order': ['room', 'use', 'phone'],
    'x-registry': { kind: 'home', within: [], at_point: false },
  },
} as unknown as FormOut

beforeEach(async () => {
  await db.open()
  await Promise.all(db.tables.map((table) => table.clear()))
  await openKey('1.2', now() + 3600_000)
  pack.value = { forms: [FORM] } as never
})

async function shown(
  about: AboutRecord,
  answers: Record<string, unknown>,
  said: Partial<Refusal>,
  place: { lon?: number; lat?: number } = {},
) {
  const id = await enqueue(entryOf({ form: FORM, label: '', about, answers, subject: about.id, place }))
  await db.entries.update(id, { state: 'stopped', status: 409 })
  const entry = await db.entries.get(id)
  if (!entry) throw new Error('not kept')
  const content = await contentOf(entry)
  const refusal: Refusal = { status: 409, code: '', message: '没有接受', fields: {}, data: {}, ...said }
  return show(RefusedSheet, {
    messages: zh,
    props: { entry, content, body: bodyOf(content) as SheetBody, refusal },
  })
}

async function inQueue(): Promise<SheetBody> {
  const [row, ...more] = await db.entries.toArray()
  if (!row || more.length > 0 || row.state !== 'waiting') throw new Error('not one that waits')
  return bodyOf(await contentOf(row)) as SheetBody
}

test('both versions stand side by side, and what was written goes with the version that was seen', async () => {
  answer('GET /api/registry/records/home/R1', {
    status: 200,
    body: { id: 'R1', version: 7, values: { use: '01' } },
  })
  const page = await shown({ id: 'R1', version: 3 }, { use: '02' }, { code: 'registry.stale' })
  expect(await page.findByText('住宅')).toBeTruthy()
  expect(page.getByText('商业')).toBeTruthy()
  await fireEvent.click(page.getByText('仍按我写的提交'))
  await waitFor(async () => {
    expect(await inQueue()).toMatchObject({ answers: { use: '02' }, registry: { id: 'R1', version: 7 } })
  })
})

test('of a place that was put right is said how far it is from where the record stands now', async () => {
  answer('GET /api/registry/records/home/R1', {
    status: 200,
    body: { id: 'R1', version: 7, values: {}, lon: 118.79, lat: 32.02 },
  })
  const place = { lon: 118.79, lat: 32.0209 }
  const page = await shown({ id: 'R1', version: 3 }, {}, { code: 'registry.stale' }, place)
  expect(await page.findByText('距现在登记的位置 100 米')).toBeTruthy()
  await fireEvent.click(page.getByText('仍按我写的提交'))
  await waitFor(async () => {
    expect(await inQueue()).toMatchObject({ ...place, registry: { version: 7 } })
  })
})

test('what was to be deleted goes with its reason, over what was seen', async () => {
  answer('GET /api/registry/records/home/R1', {
    status: 200,
    body: { id: 'R1', version: 7, values: { phone: '138****0002' } },
  })
  const about = { id: 'R1', version: 3, why: '本人要求' }
  const page = await shown(about, { phone: null }, { code: 'registry.stale' })
  expect(await page.findByText('138****0002')).toBeTruthy()
  expect(page.getByText('清除')).toBeTruthy()
  await fireEvent.click(page.getByText('仍按我写的提交'))
  await waitFor(async () => {
    expect(await inQueue()).toMatchObject({
      answers: { phone: null },
      registry: { version: 7, why: '本人要求' },
    })
  })
})

test('without a network nothing is sent over what was not seen', async () => {
  answer('GET /api/registry/records/home/R1', { status: 503 })
  const page = await shown({ id: 'R1', version: 3 }, { use: '02' }, { code: 'registry.stale' })
  expect(await page.findByText('连上网络后可以对照现在的内容。')).toBeTruthy()
  expect(page.queryByText('仍按我写的提交')).toBeNull()
})

test('somebody known elsewhere moves in when that is said', async () => {
  const page = await shown(
    { id: 'R1', version: null, dwelling_id: 'D1' },
    { room: '甲' },
    { code: 'registry.known_elsewhere' },
  )
  expect(page.queryByText('更正后上传')).toBeNull()
  await fireEvent.click(page.getByLabelText('此人已迁入本辖区，从原住处转来'))
  await fireEvent.click(page.getByText('更正后上传'))
  await waitFor(async () => {
    expect((await inQueue()).registry).toEqual({ id: 'R1', version: null, dwelling_id: 'D1', moved_in: true })
  })
})

test('what is wrong is said at its field and put right there', async () => {
  const page = await shown(
    { id: 'R1', version: null },
    { room: '甲' },
    { status: 422, fields: { 'answers.room': '太长了。', lon: '不在网格里。' } },
  )
  expect(page.getByText('太长了。')).toBeTruthy()
  expect(page.getByText('不在网格里。')).toBeTruthy()
  await fireEvent.click(page.getByText('修改'))
  await fireEvent.update(page.getByLabelText(/户室/), '乙')
  await fireEvent.click(page.getByText('更正后上传'))
  await waitFor(async () => {
    expect((await inQueue()).answers).toEqual({ room: '乙' })
  })
})
