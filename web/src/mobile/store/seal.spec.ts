import 'fake-indexeddb/auto'

import { beforeEach, describe, expect, test } from 'vitest'

import { now } from '@/shared/time/clock'

import { ENVELOPE_BYTES, houseKey, keepHouseKey, sealFor, textOf } from '../queue/envelope'
import { contentOf, drop, enqueue, entries, watchQueue } from '../queue/queue'
import { db } from './db'
import { destroyKey, keyHolds, NoKey, openJson, openKey, resumeKey, sealJson } from './seal'
import { wipe } from './wipe'

const HOUR = 3600_000

beforeEach(async () => {
  await db.open()
  await Promise.all(db.tables.map((table) => table.clear()))
  await destroyKey()
})

describe('sealing', () => {
  test('what was sealed opens again and is not readable in the store', async () => {
    await openKey('1.2', now() + HOUR)
    const sealed = await sealJson({ name: '王建国' })
    expect(new TextDecoder().decode(sealed.data)).not.toContain('王建国')
    expect(await openJson(sealed)).toEqual({ name: '王建国' })
  })

  test('the key cannot be taken out', async () => {
    await openKey('1.2', now() + HOUR)
    const row = await db.keys.get('main')
    expect(row?.key.extractable).toBe(false)
    await expect(crypto.subtle.exportKey('raw', row?.key as CryptoKey)).rejects.toThrow()
  })

  test('a key whose time is over opens nothing', async () => {
    await openKey('1.2', now() + HOUR)
    const sealed = await sealJson('secret')
    await openKey('1.2', now() - 1)
    expect(keyHolds()).toBe(false)
    expect(await resumeKey()).toBeUndefined()
    await expect(openJson(sealed)).rejects.toThrow(NoKey)
  })

  test('signing in again in the same post keeps what is there, another post makes another key', async () => {
    await openKey('1.2', now() + HOUR)
    const sealed = await sealJson('mine')
    await openKey('1.2', now() + 2 * HOUR)
    expect(await openJson(sealed)).toBe('mine')
    await openKey('1.3', now() + HOUR)
    await expect(openJson(sealed)).rejects.toThrow()
  })
})

describe('the end of a key', () => {
  const REPORT = {
    operation: 'report',
    label: '井盖破损',
    method: 'POST' as const,
    path: '/api/cases',
    body: { title: '井盖破损' },
  }

  test('everything goes that it sealed', async () => {
    await openKey('1.2', now() + HOUR)
    await enqueue(REPORT, [
      { id: '01900000-0000-7000-8000-000000000001', blob: new Blob(['x']), name: 'a.jpg' },
    ])
    await wipe()
    const left = await Promise.all([db.keys, db.kept, db.entries, db.files].map((table) => table.count()))
    expect(left).toEqual([0, 0, 0, 0])
  })

  test('what was not sent is sealed for the centre, which alone opens it', async () => {
    const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits'])
    await keepHouseKey({ id: 'k1', jwk: await crypto.subtle.exportKey('jwk', pair.publicKey) })
    await openKey('7.9', now() + HOUR)
    await enqueue(REPORT, [
      { id: '01900000-0000-7000-8000-000000000001', blob: new Blob(['x']), name: 'a.jpg' },
    ])
    expect(await wipe()).toEqual({ sealed: 2, lost: 0 })
    const [row] = await db.envelopes.toArray()
    expect(JSON.stringify(row)).not.toContain('井盖')
    const said = JSON.parse(
      await opened(row?.envelope as Awaited<ReturnType<typeof sealFor>>, pair.privateKey),
    )
    expect(said).toMatchObject({ user_id: 7, post_id: 9 })
    expect(said.entries.map((one: { method: string }) => one.method)).toEqual(['PUT', 'POST'])
    expect(said.entries[1]).toMatchObject({ path: '/api/cases', body: { title: '井盖破损' } })
    expect(said.entries[1].after).toEqual([said.entries[0].key])
  })

  test('each report is in an envelope of its own, and one that is damaged costs no other', async () => {
    const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits'])
    await keepHouseKey({ id: 'k1', jwk: await crypto.subtle.exportKey('jwk', pair.publicKey) })
    await openKey('7.9', now() + HOUR)
    const damaged = await enqueue(REPORT)
    await db.entries.update(damaged, { 'sealed.data': new ArrayBuffer(32) })
    await enqueue(REPORT)
    await enqueue(REPORT)
    expect(await wipe()).toEqual({ sealed: 2, lost: 1 })
    expect(await db.envelopes.count()).toBe(2)
  })

  test('of one case with more than the centre takes at once, each envelope says whose turn it is', async () => {
    const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits'])
    await keepHouseKey({ id: 'k1', jwk: await crypto.subtle.exportKey('jwk', pair.publicKey) })
    await openKey('7.9', now() + HOUR)
    for (const n of [1, 2]) {
      const id = `01900000-0000-7000-8000-00000000000${String(n)}`
      await enqueue({ ...REPORT, subject: 'case:1' }, [{ id, blob: new Blob(['x']), name: 'a.webm' }])
      await db.entries.update(id, { bytes: 0.6 * ENVELOPE_BYTES }) // as if it were: nobody waits for 60 MB here
    }
    expect(await wipe()).toEqual({ sealed: 4, lost: 0 })
    const rows = await db.envelopes.toArray()
    expect(rows.map(({ names }) => names)).toEqual([['case:1'], ['case:1']])
    const said = await Promise.all(rows.map(({ envelope }) => opened(envelope, pair.privateKey)))
    const keys = said.map((text) => (JSON.parse(text) as { entries: { key: string }[] }).entries[0]?.key)
    expect(keys.map((key) => key?.slice(-1))).toEqual(['1', '2'])
  })

  test('what is sealed takes little more than what it holds', async () => {
    const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits'])
    await keepHouseKey({ id: 'k1', jwk: await crypto.subtle.exportKey('jwk', pair.publicKey) })
    await openKey('7.9', now() + HOUR)
    const photo = new Blob([new Uint8Array(300_000)])
    await enqueue(REPORT, [{ id: '01900000-0000-7000-8000-000000000001', blob: photo, name: 'a.jpg' }])
    await wipe()
    const [row] = await db.envelopes.toArray()
    const data = row?.envelope.data as ArrayBuffer
    expect(data.byteLength / photo.size).toBeLessThan(1.4)
  })

  test('while there is no room for what is sealed, nothing is destroyed', async () => {
    const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits'])
    await keepHouseKey({ id: 'k1', jwk: await crypto.subtle.exportKey('jwk', pair.publicKey) })
    await openKey('7.9', now() + HOUR)
    await enqueue(REPORT)
    const full = () => {
      throw new DOMException('full', 'QuotaExceededError')
    }
    db.envelopes.hook('creating', full)
    await expect(wipe()).rejects.toThrow('full')
    db.envelopes.hook('creating').unsubscribe(full)
    expect([await db.entries.count(), await db.keys.count()]).toEqual([1, 1])
    expect(await wipe()).toEqual({ sealed: 1, lost: 0 })
  })

  test('without the key of the house it says how much is lost', async () => {
    expect(await houseKey()).toBeUndefined()
    await openKey('1.2', now() + HOUR)
    await enqueue(REPORT)
    expect(await wipe()).toEqual({ sealed: 0, lost: 1 })
  })
})

test('a photo that is dropped is named by its report no more', async () => {
  await openKey('1.2', now() + HOUR)
  const photo = '01900000-0000-7000-8000-000000000001'
  const id = await enqueue(
    {
      operation: 'report',
      label: '',
      method: 'POST',
      path: '/api/cases',
      body: { evidence: [photo, 'other'] },
    },
    [{ id: photo, blob: new Blob(['x']), name: 'a.jpg' }],
  )
  const row = await db.entries.get(photo)
  if (row) await drop(row)
  const report = await db.entries.get(id)
  expect(report?.after).toEqual([])
  expect(report && (await contentOf(report)).body).toEqual({ evidence: ['other'] })
})

test('the list follows what is put in', async () => {
  await openKey('1.2', now() + HOUR)
  const stop = watchQueue()
  await enqueue({ operation: 'report', label: '', method: 'POST', path: '/api/cases', body: {} })
  await expect.poll(() => entries.value.length).toBe(1)
  stop()
})

/** As the centre opens it. */
async function opened(envelope: Awaited<ReturnType<typeof sealFor>>, privateKey: CryptoKey): Promise<string> {
  const curve = { name: 'ECDH', namedCurve: 'P-256' } as const
  const theirs = await crypto.subtle.importKey('jwk', envelope.epk, curve, false, [])
  const shared = await crypto.subtle.deriveBits({ name: 'ECDH', public: theirs }, privateKey, 256)
  const material = await crypto.subtle.importKey('raw', shared, 'HKDF', false, ['deriveKey'])
  const key = await crypto.subtle.deriveKey(
    {
      name: 'HKDF',
      hash: 'SHA-256',
      salt: new Uint8Array(),
      info: new TextEncoder().encode('wangge handed-in 1'),
    },
    material,
    { name: 'AES-GCM', length: 256 },
    false,
    ['decrypt'],
  )
  const bytes = (text: string) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
  const plain = await crypto.subtle.decrypt(
    { name: 'AES-GCM', iv: bytes(envelope.iv) },
    key,
    bytes((JSON.parse(textOf(envelope)) as { data: string }).data),
  )
  return new TextDecoder().decode(plain)
}
