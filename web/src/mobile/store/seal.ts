// Sealing with the key of this phone: made at sign-in, never leaves WebCrypto, has an end, is deleted first.
import { now } from '@/shared/time/clock'

import { lookAtClock, unexplained } from '../clock-check'
import { db, type KeyRow, type Sealed } from './db'

const ALGORITHM = { name: 'AES-GCM', length: 256 } as const
const IV_BYTES = 12

/** There is no key, or its time is over: somebody has to sign in. */
export class NoKey extends Error {
  override readonly name = 'NoKey'
}

let held: KeyRow | undefined

/** The key of this person in this post until `endsAt`; the one that is there goes on if it is theirs. */
export async function openKey(who: string, endsAt: number): Promise<void> {
  const before = await db.keys.get('main')
  const key =
    before?.who === who
      ? before.key
      : await crypto.subtle.generateKey(ALGORITHM, false, ['encrypt', 'decrypt'])
  held = { id: 'main', key, who, endsAt }
  await db.keys.put(held)
}

/** Takes up the key that is there after a reload. Whose it is, or undefined when there is none that still holds. */
export async function resumeKey(): Promise<string | undefined> {
  held = await db.keys.get('main')
  return keyHolds() ? held?.who : undefined
}

export function keyHolds(): boolean {
  lookAtClock()
  return held !== undefined && held.endsAt > now()
}

/** Its time is over by a clock that went ahead unseen: nobody here can say whether it is. */
export function keyMayHold(): boolean {
  return keyHolds() || (held !== undefined && held.endsAt > now() - unexplained.value)
}

export function keyEndsAt(): number | undefined {
  return held?.endsAt
}

export function keyOf(): string | undefined {
  return held?.who
}

/** Whatever it sealed is noise from here on. */
export async function destroyKey(): Promise<void> {
  held = undefined
  await db.keys.clear()
}

export async function sealJson(value: unknown): Promise<Sealed> {
  return sealBytes(new TextEncoder().encode(JSON.stringify(value)))
}

export async function openJson<T>(sealed: Sealed): Promise<T> {
  return JSON.parse(new TextDecoder().decode(await openBytes(sealed))) as T
}

export async function sealBytes(bytes: BufferSource): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES))
  return { iv, data: await crypto.subtle.encrypt({ name: ALGORITHM.name, iv }, inForce(), bytes) }
}

/** Throws NoKey, or an OperationError for what another key sealed. */
export async function openBytes(sealed: Sealed): Promise<ArrayBuffer> {
  return crypto.subtle.decrypt(
    { name: ALGORITHM.name, iv: sealed.iv as Uint8Array<ArrayBuffer> },
    inForce(),
    sealed.data,
  )
}

/** The last act of a key that has ended: what is not yet sent is sealed anew for the centre (envelope.ts). */
export async function openWithEndedKey(sealed: Sealed): Promise<ArrayBuffer> {
  const row = await db.keys.get('main')
  if (!row) throw new NoKey()
  return crypto.subtle.decrypt(
    { name: ALGORITHM.name, iv: sealed.iv as Uint8Array<ArrayBuffer> },
    row.key,
    sealed.data,
  )
}

function inForce(): CryptoKey {
  if (!held || !keyHolds()) throw new NoKey()
  return held.key
}
