// Records that were opened on this phone: sealed copies that go with the session, and what was written here and is not yet
// there.
import { computed, shallowRef, watch, type ComputedRef } from 'vue'

import { get } from '../net'
import { aboutIn, contentOf, entries, type Content } from '../queue/queue'
import { db, type EntryRow } from '../store/db'
import { kept, useKept, type Kept } from '../store/kept'
import { bodyOf, subjectOf, type Point, type RecordFile, type SheetBody } from './sheets'

const COPY = 'registry:'
/** Homes of a day's round, with room to spare; the oldest go. */
const MOST_COPIES = 200
const MOST_SHOWN = 20

export function fileOf(kind: string, id: string, signal?: AbortSignal): Promise<RecordFile> {
  return get<RecordFile>(`/api/registry/records/${kind}/${id}`, signal)
}

/** The copy at once, then the house's own. Opening it there is on the record, as at a desk. */
export function useFile(kind: string, id: string): Kept<RecordFile> {
  return useKept<RecordFile>(`${COPY}${id}`, async (signal) => {
    const file = await fileOf(kind, id, signal)
    await dropOldest()
    return file
  })
}

export async function copyOf(id: string): Promise<RecordFile | undefined> {
  return (await kept<RecordFile>(`${COPY}${id}`).catch(() => undefined))?.value
}

/** Opened lately, newest first; with words, those of all copies whose title or address holds them. */
export async function copies(words = ''): Promise<RecordFile[]> {
  const rows = await db.kept.where('name').startsWith(COPY).toArray()
  const newest = rows.sort((one, other) => other.at - one.at).slice(0, words ? MOST_COPIES : MOST_SHOWN)
  const files = await Promise.all(newest.map(({ name }) => copyOf(name.slice(COPY.length))))
  return files
    .filter((file) => file !== undefined)
    .filter(({ title, values }) => `${title}${String(values['address'] ?? '')}`.includes(words))
    .slice(0, MOST_SHOWN)
}

async function dropOldest(): Promise<void> {
  const rows = await db.kept.where('name').startsWith(COPY).toArray()
  const old = rows.sort((one, other) => other.at - one.at).slice(MOST_COPIES)
  await db.kept.bulkDelete(old.map(({ name }) => name))
}

export interface WrittenSheet {
  entry: EntryRow
  content: Content
  /** Undefined for what is no sheet: somebody moved out. */
  body: SheetBody | undefined
}

/**
 * What was written here about a record and what is put into it, in its order, and the copy on this phone does not know of:
 * not carried out yet, or later than the copy was asked for (`copyAt`, ms).
 */
export function useWritten(id: () => string, copyAt: () => number): ComputedRef<readonly WrittenSheet[]> {
  return useOpened(id, copyAt, opened)
}

/**
 * New records that were made here in this one and have a turn of their own (a household of a dwelling, a dwelling of a
 * building), and the copy on this phone does not know of.
 */
export function useMadeIn(id: () => string, copyAt: () => number): ComputedRef<readonly WrittenSheet[]> {
  return useOpened(id, copyAt, madeIn)
}

function useOpened(
  id: () => string,
  copyAt: () => number,
  find: typeof opened,
): ComputedRef<readonly WrittenSheet[]> {
  const found = shallowRef<readonly WrittenSheet[]>([])
  watch(
    [entries, id, copyAt],
    async ([rows, about, known]) => {
      found.value = await find(rows, about, known).catch(() => [])
    },
    { immediate: true },
  )
  return computed(() => found.value)
}

/** A record as it is put right: what stands, with what was written here since, as of now. */
export async function toCorrect(
  id: string,
  fieldOf: (name: string) => string | undefined,
): Promise<{ file: RecordFile; values: Record<string, unknown>; stood: Point } | undefined> {
  const copy = await kept<RecordFile>(`${COPY}${id}`).catch(() => undefined)
  if (!copy) return undefined
  const written = await opened(await db.entries.orderBy('seq').toArray(), id, copy.at)
  return {
    file: copy.value,
    values: withWritten(copy.value.values, written, fieldOf, id),
    stood: movedTo(copy.value, written, id),
  }
}

async function opened(rows: readonly EntryRow[], id: string, known: number): Promise<WrittenSheet[]> {
  return openedOf(unknownOf(rows, known).filter(({ subject }) => subject === subjectOf(id)))
}

async function madeIn(rows: readonly EntryRow[], id: string, known: number): Promise<WrittenSheet[]> {
  const others = unknownOf(rows, known).filter(
    ({ subject }) => subject.startsWith(subjectOf('')) && subject !== subjectOf(id),
  )
  const sheets = await openedOf(others)
  return sheets.filter(
    ({ entry: { subject }, body }) =>
      body?.registry.version === null &&
      subject === subjectOf(body.registry.id) &&
      [body.registry.building_id, body.registry.dwelling_id].includes(id),
  )
}

/** Not carried out yet, or later than the copy was asked for. */
function unknownOf(rows: readonly EntryRow[], known: number): EntryRow[] {
  return rows.filter(({ part, state, doneAt = 0 }) => !part && (state !== 'done' || doneAt > known))
}

async function openedOf(rows: readonly EntryRow[]): Promise<WrittenSheet[]> {
  return Promise.all(
    rows.map(async (entry) => {
      const content = await contentOf(entry)
      return { entry, content, body: bodyOf(content) }
    }),
  )
}

/** What a record that was made here is called, without what kind it is. */
export function titleOf({ content }: WrittenSheet): string {
  return aboutIn(content)
}

/** Where it stands by this phone's latest word. */
export function movedTo({ lon, lat }: Point, written: readonly WrittenSheet[], id: string): Point {
  const said = written.flatMap(({ body }) =>
    body?.registry.id === id && typeof body.lon === 'number' && typeof body.lat === 'number'
      ? [{ lon: body.lon, lat: body.lat }]
      : [],
  )
  return said.at(-1) ?? { lon, lat }
}

/** A record's values with what this phone has said since. */
export function withWritten(
  values: Record<string, unknown>,
  written: readonly WrittenSheet[],
  fieldOf: (name: string) => string | undefined,
  id: string,
): Record<string, unknown> {
  const said = written.flatMap(({ body }) =>
    body?.registry.id === id
      ? Object.entries(body.answers).flatMap(([name, value]): [string, unknown][] => {
          const field = fieldOf(name)
          return field ? [[field, value]] : []
        })
      : [],
  )
  return { ...values, ...Object.fromEntries(said) }
}
