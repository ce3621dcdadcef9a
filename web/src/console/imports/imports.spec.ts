import { fireEvent, screen, waitFor } from '@testing-library/vue'
import { describe, expect, test } from 'vitest'

import { answer, sent } from '@/shared/testing/network'
import { show } from '@/shared/testing/render'

import ui from '../ui/i18n.zh'
import BatchSteps from './BatchSteps.vue'
import FaultList from './FaultList.vue'
import messages from './i18n.zh'
import { mappingText, readingOf, rulesOf, type Batch, type Kind } from './model'

const words = { imports: messages, ui }
const BATCH: Batch = {
  id: '01a1f8c7-a19c-74b6-8a73-81b0cccfad5c',
  partner: '',
  source_no: '',
  kind: 'accounts',
  file_name: '人员.csv',
  file_size: 100,
  options: { encoding: '', delimiter: '', part: '', crs: '', valid_from: '', scheme: 'X' },
  mapping: [],
  state: 'checked',
  rows_total: 3,
  rows_staged: 0,
  errors: 1,
  warnings: 0,
  file_errors: 0,
  by_fault: { 'account.bad_phone': 1 },
  fault_names: {},
  faults_kept: 1,
  counts: {},
  skip_faulty: false,
  failure: null,
  by_name: '陈管理',
  received_at: '2025-11-20T01:00:00Z',
  applied_at: null,
  may: ['cancel', 'check', 'stage_without_faulty'],
}
const KIND: Kind = {
  kind: 'accounts',
  name: '账号',
  takes_geometry: false,
  fields: [
    {
      name: 'phone',
      zh: '手机',
      en: 'Phone',
      type: 'code',
      required: false,
      help_zh: '',
      help_en: '',
      choices: [],
    },
  ],
  options: [],
}
const FAULT = {
  row: 4,
  column: 'phone',
  level: 'error',
  code: 'account.bad_phone',
  subject: 'li',
  message: '电话不对',
  lon: null,
  lat: null,
  area_m2: null,
}

test('only the steps that the server allows are offered, and faulty rows are left out only after asking', async () => {
  answer(`POST /api/imports/${BATCH.id}/stage`, { status: 200, body: { ...BATCH, state: 'staged' } })
  await show(BatchSteps, { props: { batch: BATCH }, messages: words })
  expect(screen.queryByRole('button', { name: '生效' })).toBeNull()
  expect(screen.queryByRole('button', { name: '暂存' })).toBeNull()
  await fireEvent.click(screen.getByRole('button', { name: '跳过有错误的行，其余暂存' }))
  expect(sent).toEqual([])
  await fireEvent.click(await screen.findByRole('button', { name: '确定' }))
  await waitFor(() => {
    expect(sent.at(-1)?.body).toEqual({ skip_faulty: true })
  })
})

test('each fault is shown with its row, the name of its field and its reason', async () => {
  answer(`GET /api/imports/${BATCH.id}/faults`, {
    status: 200,
    body: { items: [FAULT], count: 1 },
  })
  await show(FaultList, { props: { batch: BATCH, kind: KIND }, messages: words })
  const row = await screen.findByRole('row', { name: /电话不对/ })
  expect([...row.children].map((cell) => cell.textContent.trim()).slice(0, 5)).toEqual([
    '4',
    '错误',
    '手机',
    'li',
    '电话不对',
  ])
})

describe('a mapping', () => {
  const rule = {
    field: 'role',
    columns: ['角色'],
    constant: '',
    values: { 坐席: 'street_seat' },
    otherwise: 'fault',
  }

  test('keeps what this page does not edit', () => {
    expect(JSON.parse(mappingText(rulesOf([rule])))).toEqual([rule])
  })

  test('leaves out fields without a source, and is not sent when it has none', () => {
    expect(mappingText([{ field: 'phone', columns: [], constant: '' }])).toBe('')
  })

  test('options of the kind are told from those of every file', () => {
    expect(readingOf(BATCH)).toMatchObject({ crs: '', own: { scheme: 'X' } })
  })
})
