import { describe, expect, test } from 'vitest'

import {
  after,
  corrected,
  heldBy,
  isOld,
  judge,
  nextTry,
  ready,
  shares,
  together,
  waitMs,
  type Entry,
} from './machine'

let seq = 0
function entry(given: Partial<Entry> = {}): Entry {
  seq += 1
  return {
    id: `e${String(seq)}`,
    seq,
    who: '1.1',
    subject: '',
    after: [],
    state: 'waiting',
    attempts: 0,
    nextAt: 0,
    madeAt: 0,
    ...given,
  }
}
const NONE = new Set<string>()
const ids = (entries: Entry[]) => entries.map(({ id }) => id)

describe('what is sent next', () => {
  test('entries of one subject go in the order in which they were done', () => {
    const first = entry({ subject: 'case:1' })
    const second = entry({ subject: 'case:1' })
    expect(ids(ready([second, first], 0, NONE))).toEqual([first.id])
    expect(ids(ready([{ ...first, state: 'done' }, second], 0, NONE))).toEqual([second.id])
  })

  test('one subject does not wait for another', () => {
    const refused = entry({ subject: 'case:1', state: 'stopped' })
    const behind = entry({ subject: 'case:1' })
    const other = entry({ subject: 'case:2' })
    expect(ids(ready([refused, behind, other], 0, NONE))).toEqual([other.id])
  })

  test('entries without a subject do not wait for each other', () => {
    const both = [entry(), entry()]
    expect(ids(ready(both, 0, NONE))).toEqual(ids(both))
  })

  test('a report waits for its photos', () => {
    const photo = entry()
    const report = entry({ after: [photo.id] })
    expect(ids(ready([photo, report], 0, NONE))).toEqual([photo.id])
    expect(ids(ready([{ ...photo, state: 'done' }, report], 0, NONE))).toEqual([report.id])
  })

  test('what is under way is not sent a second time, and holds its subject', () => {
    const first = entry({ subject: 'case:1' })
    const second = entry({ subject: 'case:1' })
    expect(ready([first, second], 0, new Set([first.id]))).toEqual([])
  })

  test('what waits for the clock holds its subject until then', () => {
    const first = entry({ subject: 'case:1', nextAt: 100 })
    const second = entry({ subject: 'case:1' })
    expect(ready([first, second], 99, NONE)).toEqual([])
    expect(ids(ready([first, second], 100, NONE))).toEqual([first.id])
  })
})

describe('what an answer makes of an entry', () => {
  test.each([
    [200, undefined, 'done'],
    [201, undefined, 'done'],
    [401, 'session.expired', 'sign-in'],
    [401, 'session.revoked', 'signed-out'],
    [403, 'csrf', 'again'],
    [403, 'not_allowed', 'stopped'],
    [404, 'not_found', 'stopped'],
    [409, 'case.changed', 'stopped'],
    [422, 'invalid', 'stopped'],
    [429, undefined, 'again'],
    [500, undefined, 'again'],
    [503, undefined, 'again'],
    [0, undefined, 'again'],
  ])('%i %s: %s', (status, code, verdict) => {
    expect(judge({ status, ...(code ? { code } : {}) })).toBe(verdict)
  })

  test('an entry that waits for a sign-in stays as it is, and counts no attempt', () => {
    const one = entry()
    expect(after(one, { status: 401, code: 'session.expired' }, 5, 0)).toEqual({ ...one, status: 401 })
  })

  test('waits grow, and never beyond five minutes', () => {
    const waits = Array.from({ length: 30 }, (_, attempts) => waitMs(attempts, 1))
    expect(waits[0]).toBe(2000)
    expect(waits.every((wait, i) => i === 0 || wait >= (waits[i - 1] ?? 0))).toBe(true)
    expect(Math.max(...waits)).toBe(300_000)
  })

  test('the server may ask for a longer wait', () => {
    expect(after(entry(), { status: 429, retryAfterMs: 90_000 }, 1000, 0).nextAt).toBe(91_000)
  })
})

test('what was corrected takes its place in the order with another key', () => {
  const refused = entry({ subject: 'case:1', state: 'stopped', attempts: 3 })
  const behind = entry({ subject: 'case:1' })
  const mended = corrected(refused, 'new')
  expect(mended).toMatchObject({ id: 'new', seq: refused.seq, state: 'waiting', attempts: 0 })
  expect(ids(ready([behind, mended], 0, NONE))).toEqual(['new'])
})

test('says what an entry waits for', () => {
  const photo = entry()
  const report = entry({ after: [photo.id], subject: 'report:1' })
  const settle = entry({ subject: 'report:1' })
  expect(heldBy(report, [photo, report, settle])?.id).toBe(photo.id)
  expect(heldBy(settle, [photo, report, settle])?.id).toBe(report.id)
  expect(heldBy(photo, [photo, report, settle])).toBeUndefined()
})

test('a report, its photos and its settling hang together, and nothing else with them', () => {
  const photo = entry()
  const report = entry({ after: [photo.id], subject: 'report:1' })
  const other = entry()
  const after = entry()
  const settle = entry({ after: [report.id, after.id], subject: 'report:1' })
  const found = together([settle, photo, after, other, report]).map(ids)
  expect(found.sort((one, two) => one.length - two.length)).toEqual([
    [other.id],
    ids([photo, report, after, settle]),
  ])
})

test('of more than one envelope takes, an entry goes with its files and with what names it', () => {
  const photo = entry({ part: 1, bytes: 30 })
  const report = entry({ after: [photo.id], subject: 'case:1' })
  const other = entry({ part: 1, bytes: 30 })
  const settle = entry({ after: [report.id, other.id], subject: 'case:1' })
  const third = entry({ part: 1, bytes: 30 })
  const note = entry({ after: [third.id], subject: 'case:1' })
  const found = shares([photo, report, other, settle, third, note], 70)
  expect(found.map(({ rows }) => ids(rows))).toEqual([
    ids([photo, report, other, settle]),
    ids([third, note]),
  ])
  expect(found.map(({ names }) => names)).toEqual([['case:1'], ['case:1']])
})

test('the files of one report that are more than an envelope takes go before it', () => {
  const photos = [entry({ part: 1, bytes: 40 }), entry({ part: 1, bytes: 40 }), entry({ part: 1, bytes: 20 })]
  const report = entry({ after: ids(photos) })
  const found = shares([...photos, report], 70)
  expect(found.map(({ rows }) => ids(rows))).toEqual([
    ids(photos.slice(0, 1)),
    [...ids(photos.slice(1)), report.id],
  ])
  expect(new Set(found.map(({ names }) => names.join())).size, 'one name: one after the other').toBe(1)
})

test('what goes into one envelope is not shared out', () => {
  const photo = entry({ part: 1, bytes: 30 })
  const report = entry({ after: [photo.id] })
  expect(shares([photo, report], 30).map(({ rows }) => ids(rows))).toEqual([ids([photo, report])])
})

test('a receipt is kept for a day', () => {
  const done = entry({ state: 'done', doneAt: 0 })
  expect(isOld(done, 24 * 3600_000)).toBe(false)
  expect(isOld(done, 24 * 3600_000 + 1)).toBe(true)
  expect(isOld(entry(), Number.MAX_SAFE_INTEGER)).toBe(false)
})

test('knows when to look again', () => {
  expect(nextTry([entry({ nextAt: 50 }), entry({ nextAt: 20 }), entry({ nextAt: 10, state: 'done' })])).toBe(
    20,
  )
  expect(nextTry([entry()])).toBeUndefined()
})
