import 'fake-indexeddb/auto'

import { beforeEach, expect, test } from 'vitest'

import { me, type Me } from '@/shared/session/session'
import { answer, sent } from '@/shared/testing/network'
import { now } from '@/shared/time/clock'

import { db } from '../store/db'
import { openKey } from '../store/seal'
import { askHouseKey } from './books'
import { houseKey } from './envelope'

const ASKED = 'GET /api/field/house-key'
const KEY = { id: 'k2', jwk: { kty: 'EC' } }

let post = 10

/** Each test is of another post: what was told before is remembered for the page's life. */
async function worksAs(...permissions: string[]): Promise<void> {
  post += 1
  await openKey(`1.${String(post)}`, now() + 3600_000)
  me.value = { permissions } as unknown as Me
}

beforeEach(async () => {
  await db.open()
  await Promise.all(db.tables.map((table) => table.clear()))
})

test('an officer, who has no pack, is told the key once', async () => {
  await worksAs('case.handle')
  answer(ASKED, { status: 200, body: KEY })
  await askHouseKey()
  await askHouseKey()
  expect(await houseKey()).toEqual(KEY)
  expect(sent).toHaveLength(1)
})

test('without an answer it is asked for again', async () => {
  await worksAs('case.report')
  answer(ASKED, { status: 503, body: { code: 'database_away', message: '' } })
  await askHouseKey()
  expect(await houseKey()).toBeUndefined()
  answer(ASKED, { status: 200, body: KEY })
  await askHouseKey()
  expect(await houseKey()).toEqual(KEY)
})

test('after everything on the phone was deleted it is asked for again', async () => {
  await worksAs('case.handle')
  answer(ASKED, { status: 200, body: KEY })
  await askHouseKey()
  await db.plain.clear()
  await askHouseKey()
  expect(await houseKey()).toEqual(KEY)
})

test('who writes nothing here is told nothing', async () => {
  await worksAs('case.read')
  await askHouseKey()
  expect(sent).toHaveLength(0)
})
