import 'fake-indexeddb/auto'

import { fireEvent, screen, within } from '@testing-library/vue'
import { beforeAll, beforeEach, expect, test } from 'vitest'

import { show } from '@/shared/testing/render'
import { now } from '@/shared/time/clock'

import type { FormOut, Pack } from '../field'
import messages from '../messages.zh'
import { pack } from '../pack/pack'
import { contentOf, enqueue, entries, refusalOf, watchQueue } from '../queue/queue'
import EntryCard from '../queue/EntryCard.vue'
import { db } from '../store/db'
import { openKey, sealJson } from '../store/seal'

const FORM: FormOut = {
  code: 'inspect_fire',
  kind: 'inspect',
  version: 3,
  name_zh: '消防安全检查',
  name_en: 'Fire safety',
  schema: {
    properties: {
      exits: { type: 'string', title: '疏散通道', enum: ['pass', 'fail'], 'x-item': true },
      note: { type: 'string', title: '说明' },
      photos: { type: 'array', title: '照片', 'x-photo': true },
    },
    required: ['exits'],
    'x-order': ['exits', 'note', 'photos'],
  },
}
const HAPPENED = '2026-11-20T15:30:00.000Z' // 23:30 in Beijing
const BEFORE = '01900000-0000-7000-8000-000000000001'
const BODY = {
  id: 'r1',
  form: FORM.code,
  version: 2,
  happened_at: HAPPENED,
  answers: { exits: 'fail', note: '堆放杂物', photos: [BEFORE], gone: '旧版才有' },
  address: '顺达便利店',
  grid: '320104001001001',
  lon: 118.79,
  lat: 32.02,
  rectify: [{ id: 'e1', item: 'exits', text: '疏散通道', due_date: '2026-11-27' }],
}

// The card asks for it when it is needed; a busy machine takes its time over that.
beforeAll(() => import('./RefusedRecord.vue'))

beforeEach(async () => {
  Object.defineProperty(navigator, 'geolocation', {
    value: { watchPosition: () => 1, clearWatch: () => undefined },
    configurable: true,
  })
  await db.open()
  await Promise.all(db.tables.map((table) => table.clear()))
  await openKey('1.2', now() + 3600_000)
  pack.value = { forms: [FORM], grids: [], visits: [] } as unknown as Pack
})

async function refused(body: object, fields: Record<string, string>) {
  const id = await enqueue({
    operation: 'record',
    label: '消防安全检查 · 顺达便利店',
    method: 'POST',
    path: '/api/field/records',
    subject: 'record:r1',
    body,
    happenedAt: HAPPENED,
  })
  const answer = await sealJson({ status: 422, code: 'invalid', message: '请更正。', fields, data: {} })
  await db.entries.update(id, { state: 'stopped', status: 422, answer })
  const entry = await db.entries.get(id)
  if (!entry || !(await refusalOf(entry))) throw new Error('not refused')
  await show(EntryCard, { props: { entry }, messages })
  await fireEvent.click(await screen.findByRole('button', { name: '更正' }))
  await screen.findByRole('button', { name: '更正后上传' })
}

/** A recording stands for what a camera gives: the same piece, and no canvas is needed for it. */
async function takes(label: string) {
  const input = await screen.findByLabelText(label)
  Object.defineProperty(input, 'files', { value: [new File(['piece'], 'one.webm', { type: 'audio/webm' })] })
  await fireEvent.change(input)
  await screen.findByRole('button', { name: '删除第 1 个附件' })
}

async function sent() {
  const rows = await db.entries.orderBy('seq').toArray()
  const record = rows.find(({ part }) => !part)
  const files = rows.filter(({ part }) => part).map(({ id }) => id)
  if (record?.state !== 'waiting') throw new Error('not one that waits')
  return { record, files, body: (await contentOf(record)).body as typeof BODY }
}

test('an inspection that was refused is put right on its own sheet, with a photo taken now', async () => {
  await refused(BODY, { 'answers.note': '写得太少，请说明情况。', lon: '不在网格里。' })
  const note = screen.getByLabelText('说明')
  expect((note as HTMLInputElement).value).toBe('堆放杂物')
  expect(screen.getByText('写得太少，请说明情况。')).toBeTruthy()
  expect(screen.getByText('不在网格里。')).toBeTruthy() // of no field: said above the sheet
  expect(screen.getByText('之前已附 1 张，会一并上传。')).toBeTruthy()
  expect((screen.getByLabelText('疏散通道') as HTMLSelectElement).value).toBe('7')
  await fireEvent.update(note, '堆放杂物，已拍照')
  await takes('拍照：照片')
  await fireEvent.click(screen.getByRole('button', { name: '更正后上传' }))
  await expect.poll(async () => (await sent().catch(() => undefined))?.files.length).toBe(1)
  const { record, files, body } = await sent()
  expect(record.after).toEqual(files)
  expect(body).toMatchObject({
    id: 'r1',
    version: 3,
    happened_at: HAPPENED,
    address: '顺达便利店',
    lon: 118.79,
    lat: 32.02,
    rectify: [{ item: 'exits', due_date: '2026-11-27' }],
  })
  expect(body.answers).toEqual({ exits: 'fail', note: '堆放杂物，已拍照', photos: [BEFORE, ...files] })
})

test('photos that the house does not have any more are left out, and the visit stays with whom it was paid to', async () => {
  await refused(
    { ...BODY, rectify: [], subject_id: 's1' },
    { 'answers.photos': '有附件不存在，请重新上传。' },
  )
  expect(screen.queryByLabelText(/单位、店铺或门牌/)).toBeNull()
  const left = screen.getByRole('button', { name: /不附这些/ })
  expect(within(left).getByText(/照片/)).toBeTruthy()
  await fireEvent.click(left)
  expect(screen.queryByText(/之前已附/)).toBeNull()
  await fireEvent.click(screen.getByRole('button', { name: '更正后上传' }))
  await expect
    .poll(async () => (await sent().catch(() => undefined))?.body.answers)
    .toEqual({
      exits: 'fail',
      note: '堆放杂物',
    })
  expect((await sent()).body).toMatchObject({ subject_id: 's1', address: '顺达便利店', grid: BODY.grid })
})

test('an errand that lacks its photo gets one where it was refused', async () => {
  const stop = watchQueue()
  const id = await enqueue({
    operation: 'errand_move',
    label: '',
    method: 'POST',
    path: '/api/field/errands/e/moves',
    subject: 'errand:e',
    body: { move: 'finish', text: '已清走', happened_at: HAPPENED },
    happenedAt: HAPPENED,
  })
  const answer = await sealJson({
    status: 422,
    code: 'invalid',
    message: '',
    fields: { evidence: '请拍照。' },
    data: {},
  })
  await db.entries.update(id, { state: 'stopped', status: 422, answer })
  const entry = await db.entries.get(id)
  await show(EntryCard, { props: { entry }, messages })
  await fireEvent.click(await screen.findByRole('button', { name: '更正' }))
  await takes('拍照')
  await fireEvent.click(screen.getByRole('button', { name: '更正后上传' }))
  await expect.poll(async () => (await sent().catch(() => undefined))?.files.length).toBe(1)
  const { files, body } = await sent()
  expect(body).toMatchObject({ move: 'finish', text: '已清走', evidence: files })
  expect(entries.value.length).toBeGreaterThan(0)
  stop()
})
