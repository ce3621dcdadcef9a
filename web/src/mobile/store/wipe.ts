// The end of a key: what is not yet sent is sealed for the centre, then the key goes, then all that it sealed.
import { dropAllDrafts } from '@/shared/forms/drafts'
import { now } from '@/shared/time/clock'

import { ENVELOPE_BYTES, envelopeOf, houseKey, type Envelope, type HouseKey } from '../queue/envelope'
import { shares } from '../queue/machine'
import { db, type EntryRow } from './db'
import { newId } from './ids'
import { destroyKey, openWithEndedKey } from './seal'

/** What opening says where there is no key, or another one. */
const NOISE = ['NoKey', 'OperationError']

/**
 * How many entries could not be kept: without the house's key nothing can be sealed for it. Throws when the phone has no
 * room for what is sealed: whatever is not sent is then still there, and the next start goes on.
 */
export async function wipe(): Promise<{ sealed: number; lost: number }> {
  const unsent = await unsentRows()
  await makeRoom()
  const sealed = await sealForCentre(unsent)
  await destroyKey()
  await Promise.all([db.kept.clear(), db.entries.clear(), db.files.clear()])
  dropAllDrafts()
  return { sealed, lost: unsent.length - sealed }
}

/** What goes in any case goes first: until an envelope is written, the store holds it beside what is in it. */
async function makeRoom(): Promise<void> {
  await dropCopies()
  await db.entries.filter(({ quiet }) => quiet === 1).delete()
}

/** Copies can be asked for again; the duty and its points are nowhere else. */
export async function dropCopies(): Promise<void> {
  await db.kept.where('name').notEqual('duty').delete()
}

export async function unsentRows(): Promise<EntryRow[]> {
  const rows = await db.entries.where('state').anyOf('waiting', 'stopped').sortBy('seq')
  return rows.filter((row) => !row.quiet)
}

/**
 * An envelope for each report with its files, and more than one where those are more than the centre takes at once: one
 * that is damaged costs no other. Each takes the place of what it holds, so that a browser killed half way goes on where it was.
 */
async function sealForCentre(rows: EntryRow[]): Promise<number> {
  const house = await houseKey()
  if (!house) return 0
  let sealed = 0
  for (const { names, rows: share } of shares(rows, ENVELOPE_BYTES)) {
    const envelope = await sealedAlone(share, house)
    if (!envelope) continue
    const ids = share.map(({ id }) => id)
    await db.transaction('rw', db.envelopes, db.entries, db.files, async () => {
      await db.envelopes.put({ id: newId(), at: now(), who: share[0]?.who ?? '', names, envelope })
      await db.entries.bulkDelete(ids)
      await db.files.bulkDelete(ids)
    })
    sealed += share.length
  }
  return sealed
}

/** Undefined for what cannot be opened any more: without its key it is noise. */
async function sealedAlone(rows: EntryRow[], house: HouseKey): Promise<Envelope | undefined> {
  try {
    return await envelopeOf(rows, house, openWithEndedKey, '')
  } catch (error) {
    if (isNoise(error)) return undefined
    throw error
  }
}

/** It cannot be opened, now or later; any other error is the store's. */
export function isNoise(error: unknown): boolean {
  return error instanceof Error && NOISE.includes(error.name)
}
