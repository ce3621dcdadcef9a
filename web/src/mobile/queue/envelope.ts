// Sealed for the centre: ECDH P-256 with the house's public key, HKDF-SHA-256, AES-256-GCM (ADR 18). Made of what is not
// yet sent when the key of this phone ends, and of an exported queue. Nobody can open it here.
import { now } from '@/shared/time/clock'

import { db, keepPlain, plain, type EntryRow } from '../store/db'
import { newId } from '../store/ids'
import { PART_BYTES } from './uploads'
import { pathOf, type Content } from './queue'

export interface HouseKey {
  id: string
  jwk: JsonWebKey
}

export interface Envelope {
  v: 1
  key_id: string
  epk: JsonWebKey
  iv: string
  /** Text only in what an earlier version left on this phone: letters take a third more than the bytes. */
  data: ArrayBuffer | string
  made_at: string
  device: string
}

interface Line {
  key: string
  method: string
  path: string
  body: unknown
  body_base64?: string
  happened_at: string
  subject: string
  after: string[]
}

/**
 * Of photos and recordings in one envelope, at most: the centre takes 100 MB of it as text (`MOST_BYTES` of
 * wangge/field/actions/handed_in.py), in which their bytes are written as letters twice, 16 for each 9 bytes.
 */
export const ENVELOPE_BYTES = 50 * 1024 * 1024
const INFO = new TextEncoder().encode('wangge handed-in 1')
const HOUSE_KEY = 'house-key'

export async function keepHouseKey(key: HouseKey): Promise<void> {
  await keepPlain(HOUSE_KEY, key)
}

export async function houseKey(): Promise<HouseKey | undefined> {
  return plain<HouseKey>(HOUSE_KEY)
}

/** `open` opens with the key of this phone, for the last time perhaps. Files go in their parts, as they would be sent. */
export async function envelopeOf(
  rows: readonly EntryRow[],
  house: HouseKey,
  open: (sealed: EntryRow['sealed']) => Promise<ArrayBuffer>,
  name: string,
): Promise<Envelope> {
  const lines = (await Promise.all(rows.map((row) => linesOf(row, open)))).flat()
  const [user = '0', post = '0'] = rows[0]?.who.split('.') ?? []
  const text = JSON.stringify({ post_id: Number(post), user_id: Number(user), name, entries: lines })
  return sealFor(house, new TextEncoder().encode(text))
}

export async function sealFor(house: HouseKey, bytes: BufferSource): Promise<Envelope> {
  const curve = { name: 'ECDH', namedCurve: 'P-256' } as const
  const theirs = await crypto.subtle.importKey('jwk', house.jwk, curve, false, [])
  const once = await crypto.subtle.generateKey(curve, true, ['deriveBits'])
  const shared = await crypto.subtle.deriveBits({ name: 'ECDH', public: theirs }, once.privateKey, 256)
  const material = await crypto.subtle.importKey('raw', shared, 'HKDF', false, ['deriveKey'])
  const key = await crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: INFO },
    material,
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt'],
  )
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', once.publicKey)
  return {
    v: 1,
    key_id: house.id,
    epk: { kty, crv, x, y } as JsonWebKey,
    iv: base64(iv),
    data: await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, bytes),
    made_at: new Date(now()).toISOString(),
    device: await deviceId(),
  }
}

/** As the centre takes it. */
export function textOf(envelope: Envelope): string {
  const { data } = envelope
  return JSON.stringify({
    ...envelope,
    data: typeof data === 'string' ? data : base64(new Uint8Array(data)),
  })
}

/** This installation, by chance and nothing else. */
export async function deviceId(): Promise<string> {
  const there = await plain<string>('device')
  if (there) return there
  const made = newId()
  await keepPlain('device', made)
  return made
}

async function linesOf(
  row: EntryRow,
  open: (sealed: EntryRow['sealed']) => Promise<ArrayBuffer>,
): Promise<Line[]> {
  const content = JSON.parse(new TextDecoder().decode(await open(row.sealed))) as Content
  const line = {
    method: content.method,
    happened_at: content.happenedAt,
    subject: row.subject,
    after: row.after,
    body: content.body,
  }
  // What it names is in the same envelope, or was answered already: the centre knows no receipts of this phone.
  if (!content.file)
    return [{ ...line, key: row.id, path: (await pathOf(row, content, open)) ?? content.path }]
  const file = await db.files.get(row.id)
  if (!file) return []
  const bytes = await open(file.sealed)
  const parts = Math.max(1, Math.ceil(bytes.byteLength / PART_BYTES))
  const { name, query } = content.file
  return Array.from({ length: parts }, (_, i) => ({
    ...line,
    key: parts === i + 1 ? row.id : newId(),
    path: `${content.path}?${new URLSearchParams({ ...query, name, part: String(i + 1), parts: String(parts) }).toString()}`,
    body: null,
    body_base64: base64(new Uint8Array(bytes.slice(i * PART_BYTES, (i + 1) * PART_BYTES))),
  }))
}

function base64(bytes: Uint8Array): string {
  const CHUNK = 0x8000
  let text = ''
  for (let i = 0; i < bytes.length; i += CHUNK) text += String.fromCharCode(...bytes.subarray(i, i + CHUNK))
  return btoa(text)
}
