import 'fake-indexeddb/auto'

import { fireEvent, screen } from '@testing-library/vue'
import { beforeEach, expect, test } from 'vitest'

import { show } from '@/shared/testing/render'
import { now } from '@/shared/time/clock'

import type { FormOut, Pack } from '../field'
import messages from '../messages.zh'
import { pack } from '../pack/pack'
import { contentOf, enqueue, refusalOf } from '../queue/queue'
import { db } from '../store/db'
import { openKey, sealJson } from '../store/seal'
import RefusedCheck from './RefusedCheck.vue'

const FORM: FormOut = {
  code: 'patrol_point',
  kind: 'patrol',
  version: 3,
  name_zh: '巡查点情况',
  name_en: 'Point of a patrol',
  schema: {
    properties: {
      state: {
        type: 'string',
        title: '现场情况',
        enum: ['normal', 'report'],
        'x-enum-titles': [
          { zh: '正常', en: 'in order' },
          { zh: '有问题', en: 'to be reported' },
        ],
      },
      photos: { type: 'array', title: '照片', 'x-photo': true },
    },
    required: ['state'],
  },
}
const HAPPENED = '2026-11-20T01:00:00.000Z'

beforeEach(async () => {
  await db.open()
  await Promise.all(db.tables.map((table) => table.clear()))
  await openKey('1.2', now() + 3600_000)
  pack.value = { forms: [FORM] } as unknown as Pack
})

test('a check made before the phone knew of the form gets its sheet, and keeps its own time', async () => {
  const id = await enqueue({
    operation: 'check',
    label: '早巡 · 北门',
    method: 'POST',
    path: '/api/field/patrols/r1/checks',
    subject: 'round:r1',
    body: { id: 'c1', point_id: 'p1', how: 'place', happened_at: HAPPENED },
    happenedAt: HAPPENED,
  })
  const refusal = {
    status: 422,
    code: 'patrol.sheet_needed',
    message: '',
    fields: {},
    data: { form: FORM.code },
  }
  await db.entries.update(id, { state: 'stopped', status: 422, answer: await sealJson(refusal) })
  const entry = await db.entries.get(id)
  const said = entry && (await refusalOf(entry))
  if (!said) throw new Error('not refused')
  await show(RefusedCheck, { props: { entry, content: await contentOf(entry), refusal: said }, messages })

  // Whoever was there has left: photos are taken now, and that is said.
  expect(screen.getByLabelText('拍照：照片')).toBeTruthy()
  expect(screen.getByText('照片在这里现拍，会注明是现在的时间和位置。')).toBeTruthy()
  await fireEvent.click(screen.getByRole('button', { name: '补填后上传' }))
  expect(await screen.findByText('请填写此项')).toBeTruthy()
  expect((await db.entries.get(id))?.state).toBe('stopped')

  await fireEvent.click(screen.getByLabelText('正常'))
  await fireEvent.click(screen.getByRole('button', { name: '补填后上传' }))
  await expect.poll(async () => (await db.entries.toArray()).map(({ state }) => state)).toEqual(['waiting'])
  const [sent] = await db.entries.toArray()
  expect(sent?.id).not.toBe(id)
  expect(sent && (await contentOf(sent)).body).toMatchObject({
    id: 'c1',
    happened_at: HAPPENED,
    sheet: { form: 'patrol_point', version: 3, answers: { state: 'normal' } },
  })
})
