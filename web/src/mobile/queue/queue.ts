// Every write of this phone: put here, sealed, before anything is sent. What is in it can be looked at, corrected,
// dropped and exported; sending is sender.ts.
import { liveQuery } from 'dexie'
import { computed, ref, shallowRef } from 'vue'

import { now } from '@/shared/time/clock'

import { db, type EntryRow, type Sealed } from '../store/db'
import { newId } from '../store/ids'
import { keyOf, NoKey, openJson, sealBytes, sealJson } from '../store/seal'
import { corrected, counts, isOld, type Entry } from './machine'

export interface FileContent {
  mime: string
  name: string
  bytes: number
  /** Beside the bytes, as the upload's query. */
  query: Record<string, string>
}

/** What an entry says: sealed in the store. */
export interface Content {
  /** What was done, as a key of `queue.operation.*`. */
  operation: string
  /** About what, in the person's own words. */
  label: string
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** `@` in it stands for the `id` that the server gave what the first entry of `after` made. */
  path: string
  body: unknown
  file?: FileContent
  /** ISO, by the phone. */
  happenedAt: string
}

/** What a record is about, without the form's name in front. */
export function aboutIn({ label }: Content): string {
  return label.split(' · ').slice(1).join(' · ') || label
}

export interface NewEntry extends Omit<Content, 'happenedAt'> {
  subject?: string
  after?: string[]
  happenedAt?: string
  id?: string
}

export interface NewFile {
  id: string
  blob: Blob
  thumb?: Blob
  name: string
  query?: Record<string, string>
}

export interface Parcel {
  entry: NewEntry
  files?: NewFile[]
}

/** A refusal, as the server said it. */
export interface Refusal {
  status: number
  code: string
  message: string
  fields: Record<string, string>
  data: Record<string, unknown>
}

export const entries = shallowRef<readonly EntryRow[]>([])
/** Until then nobody can say that nothing waits. */
export const isRead = ref(false)
export const tally = computed(() => counts(entries.value.filter((one) => !one.quiet)))

const NAMED = '@'
const waiters = new Set<() => void>()

/** Calls back whenever something new is to be sent. */
export function onQueued(wake: () => void): void {
  waiters.add(wake)
}

export function watchQueue(): () => void {
  const watching = liveQuery(() => db.entries.orderBy('seq').toArray()).subscribe({
    next: (rows) => {
      entries.value = rows
      isRead.value = true
    },
    error: () => undefined, // the store is gone: signed out
  })
  return () => {
    watching.unsubscribe()
  }
}

/** Into the queue: files first, then what names them, in one transaction. The id of the entry. */
export async function enqueue(entry: NewEntry, files: NewFile[] = []): Promise<string> {
  const id = entry.id ?? newId()
  await enqueueAll([{ entry: { ...entry, id }, files }])
  return id
}

/** Several that belong together: all of them are kept, or none. */
export async function enqueueAll(parcels: readonly Parcel[]): Promise<void> {
  const who = keyOf()
  if (!who) throw new NoKey()
  const at = now()
  const rows = (await Promise.all(parcels.map((parcel) => rowsOf(parcel, who, at)))).flat()
  const files = await Promise.all(parcels.flatMap((parcel) => (parcel.files ?? []).map(sealFile)))
  await db.transaction('rw', db.entries, db.files, async () => {
    const last = await db.entries.orderBy('seq').last()
    await db.files.bulkPut(files)
    await db.entries.bulkAdd(rows.map((row, i) => ({ ...row, seq: (last?.seq ?? 0) + i + 1 })))
  })
  wakeSender()
}

async function rowsOf(
  { entry, files = [] }: Parcel,
  who: string,
  at: number,
): Promise<Omit<EntryRow, 'seq'>[]> {
  const happenedAt = entry.happenedAt ?? new Date(at).toISOString()
  const { id = newId(), subject = '', after = [], operation, label, method, path, body } = entry
  const content: Content = { operation, label, method, path, body, happenedAt }
  return [
    ...(await Promise.all(files.map((file) => fileEntry(file, who, at, happenedAt, label)))),
    {
      ...blank(id, who, at),
      subject,
      after: [...after, ...files.map((file) => file.id)],
      sealed: await sealJson(content),
      ...(operation === 'positions' ? { quiet: 1 as const } : {}),
    },
  ]
}

export function wakeSender(): void {
  waiters.forEach((wake) => {
    wake()
  })
}

export async function contentOf(entry: EntryRow): Promise<Content> {
  return openJson<Content>(entry.sealed)
}

export async function refusalOf(entry: EntryRow): Promise<Refusal | undefined> {
  return entry.state === 'stopped' && entry.answer ? openJson<Refusal>(entry.answer) : undefined
}

/** What the server answered an entry that is done. */
export async function answerTo<T>(id: string): Promise<T | undefined> {
  const row = await db.entries.get(id)
  return row?.state === 'done' && row.answer ? openJson<T>(row.answer) : undefined
}

/** Where it goes, with the id that the server gave in the place of `@`; undefined when that answer is not here. */
export async function pathOf(
  { after }: EntryRow,
  { path }: Content,
  open: (sealed: Sealed) => Promise<ArrayBuffer>,
): Promise<string | undefined> {
  if (!path.includes(NAMED)) return path
  const row = await db.entries.get(after[0] ?? '')
  if (row?.state !== 'done' || !row.answer) return undefined
  const made = JSON.parse(new TextDecoder().decode(await open(row.answer))) as { id?: string } | null
  return made?.id && path.replace(NAMED, made.id)
}

/**
 * Other content in the same place, with a new id; whatever waits for it waits for the new one. `files` were taken for it
 * now: it waits for them.
 */
export async function correct(entry: EntryRow, content: Content, files: NewFile[] = []): Promise<void> {
  const row: EntryRow = {
    ...corrected(entry, newId()),
    after: [...entry.after, ...files.map(({ id }) => id)],
    sealed: await sealJson(content),
  }
  delete row.answer
  const at = now()
  const taken = new Date(at).toISOString()
  const fileRows = await Promise.all(
    files.map((file) => fileEntry(file, entry.who, at, taken, content.label)),
  )
  const sealed = await Promise.all(files.map(sealFile))
  await db.transaction('rw', db.entries, db.files, async () => {
    const last = await db.entries.orderBy('seq').last()
    await db.files.bulkPut(sealed)
    await db.entries.bulkAdd(fileRows.map((file, i) => ({ ...file, seq: (last?.seq ?? 0) + i + 1 })))
    await db.entries.delete(entry.id)
    await db.entries.put(row)
    await relink(entry.id, [row.id])
  })
  wakeSender()
}

/** The same again: the reason for the refusal may be gone (a permission given, a grid drawn). */
export async function tryAgain(entry: EntryRow): Promise<void> {
  const content = await contentOf(entry)
  // A file's id is named by what waits for it, and sending it again is harmless.
  if (content.file) await db.entries.update(entry.id, { state: 'waiting', attempts: 0, nextAt: 0 })
  else await correct(entry, content)
  wakeSender()
}

/**
 * Not to be sent any more, nor its photos, nor what is about what it would have made. What else waited for it goes on
 * without it; a photo is then not named any more.
 */
export async function drop(entry: EntryRow): Promise<void> {
  const rows = await db.entries.toArray()
  const gone = await goingWith(entry, rows)
  const left = rows.filter((row) => !gone.has(row.id) && row.after.some((id) => gone.has(id)))
  const mended = await Promise.all(left.map((row) => without(row, gone)))
  await db.transaction('rw', db.entries, db.files, async () => {
    await db.entries.bulkDelete([...gone])
    await db.files.bulkDelete([...gone])
    await db.entries.bulkPut(mended)
  })
  wakeSender()
}

async function goingWith(entry: EntryRow, rows: readonly EntryRow[]): Promise<ReadonlySet<string>> {
  const gone = new Set([entry.id])
  const waiting = rows.filter(({ state, after }) => state !== 'done' && after[0] === entry.id)
  for (const row of waiting) if ((await contentOf(row)).path.includes(NAMED)) gone.add(row.id)
  const named = new Set(rows.filter(({ id }) => gone.has(id)).flatMap(({ after }) => after))
  const kept = new Set(rows.filter(({ id }) => !gone.has(id)).flatMap(({ after }) => after))
  for (const { id, part } of rows) if (part && named.has(id) && !kept.has(id)) gone.add(id)
  return gone
}

async function without(row: EntryRow, gone: ReadonlySet<unknown>): Promise<EntryRow> {
  const content = await contentOf(row)
  const body: unknown = JSON.parse(JSON.stringify(content.body), (_key, value: unknown) =>
    Array.isArray(value) ? value.filter((one) => !gone.has(one)) : value,
  )
  return {
    ...row,
    after: row.after.filter((one) => !gone.has(one)),
    sealed: await sealJson({ ...content, body }),
  }
}

/** A receipt that is old, unless something still waits for the id in it (a settling whose photos do not get through). */
export async function forgetReceipts(): Promise<void> {
  const rows = await db.entries.toArray()
  const named = new Set(rows.flatMap(({ state, after }) => (state === 'done' ? [] : after)))
  const old = rows.filter((row) => isOld(row, now()) && !named.has(row.id))
  await db.entries.bulkDelete(old.map(({ id }) => id))
  await db.files.bulkDelete(old.map(({ id }) => id))
}

async function relink(from: string, to: string[]): Promise<void> {
  await db.entries
    .filter(({ after }) => after.includes(from))
    .modify((row) => {
      row.after = row.after.flatMap((id) => (id === from ? to : [id]))
    })
}

function blank(id: string, who: string, madeAt: number): Omit<Entry, 'seq'> {
  return { id, who, subject: '', after: [], state: 'waiting', attempts: 0, nextAt: 0, madeAt }
}

async function sealFile({ id, blob, thumb }: NewFile) {
  return {
    id,
    bytes: blob.size,
    sealed: await sealBytes(await blob.arrayBuffer()),
    ...(thumb ? { thumb: await sealBytes(await thumb.arrayBuffer()) } : {}),
  }
}

async function fileEntry(
  { id, blob, name, query = {} }: NewFile,
  who: string,
  at: number,
  happenedAt: string,
  label: string,
): Promise<Omit<EntryRow, 'seq'>> {
  const content: Content = {
    operation: 'file',
    label,
    method: 'PUT',
    path: `/api/uploads/${id}`,
    body: null,
    file: { mime: blob.type, name, bytes: blob.size, query },
    happenedAt,
  }
  return { ...blank(id, who, at), sealed: await sealJson(content), part: 1, bytes: blob.size }
}
