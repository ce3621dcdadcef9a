// What lies on this phone, through Dexie (IndexedDB). In the open are ids, times, sizes and states; all else is sealed
// (seal.ts, ADR 18).
import Dexie, { type EntityTable } from 'dexie'

import type { Envelope } from '../queue/envelope'
import type { Entry } from '../queue/machine'

/** AES-GCM: `iv` 12 bytes, fresh for each. */
export interface Sealed {
  iv: Uint8Array
  data: ArrayBuffer
}

/** The key everything is sealed with. WebCrypto made it not extractable: it can be used here and copied nowhere. */
export interface KeyRow {
  id: 'main'
  key: CryptoKey
  /** `user.post`, ids only. */
  who: string
  /** ms; afterwards it is deleted, and with it whatever it sealed. */
  endsAt: number
}

/** The newest copy of an answer of the server, read first. */
export interface KeptRow {
  name: string
  /** ms by the server's clock when it was answered. */
  at: number
  bytes: number
  sealed: Sealed
}

export interface EntryRow extends Entry {
  /** `Content` (queue.ts). */
  sealed: Sealed
  /** What the server answered: its answer, or its refusal with what stands there. */
  answer?: Sealed
  /** Positions: sent like the rest, not counted as something the person waits for. */
  quiet?: 1
}

/** A photo or recording that waits to be sent, in the order of its entry. */
export interface FileRow {
  id: string
  bytes: number
  sealed: Sealed
  /** A small picture of it, for the queue. */
  thumb?: Sealed
}

/** Sealed for the centre when the key ended: nobody can open it here. */
export interface EnvelopeRow {
  id: string
  at: number
  who: string
  envelope: Envelope
  /** Ids of what it is about: those of one name are handed in one after the other. */
  names?: string[]
  /** The centre did not take it from here: it is for a desk to look at. */
  refused?: 1
}

/** Nothing about people: the language, the configuration, which notice was accepted, the house's public key. */
export interface PlainRow {
  name: string
  value: unknown
}

export const db = new Dexie('wangge.phone') as Dexie & {
  keys: EntityTable<KeyRow, 'id'>
  kept: EntityTable<KeptRow, 'name'>
  entries: EntityTable<EntryRow, 'id'>
  files: EntityTable<FileRow, 'id'>
  envelopes: EntityTable<EnvelopeRow, 'id'>
  plain: EntityTable<PlainRow, 'name'>
}

db.version(1).stores({
  keys: 'id',
  kept: 'name',
  entries: 'id, seq, state',
  files: 'id',
  envelopes: 'id',
  plain: 'name',
})

db.version(2).stores({ envelopes: 'id, *names' })

export async function plain<T>(name: string): Promise<T | undefined> {
  return (await db.plain.get(name))?.value as T | undefined
}

export async function keepPlain(name: string, value: unknown): Promise<void> {
  await db.plain.put({ name, value })
}
