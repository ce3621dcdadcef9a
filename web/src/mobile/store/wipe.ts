// The end of a key: what is not yet sent is sealed for the centre, then the key goes, then all that it sealed.
import { dropAllDrafts } from '@/shared/forms/drafts'
import { now } from '@/shared/time/clock'

import { envelopeOf, houseKey } from '../queue/envelope'
import { db, type EntryRow } from './db'
import { newId } from './ids'
import { destroyKey, openWithEndedKey } from './seal'

/** How many entries could not be kept: without the house's key nothing can be sealed for it. */
export async function wipe(): Promise<{ sealed: number; lost: number }> {
  const unsent = await unsentRows()
  const sealed = await sealForCentre(unsent)
  await destroyKey()
  await Promise.all([db.kept.clear(), db.entries.clear(), db.files.clear()])
  dropAllDrafts()
  return { sealed, lost: unsent.length - sealed }
}

export async function unsentRows(): Promise<EntryRow[]> {
  const rows = await db.entries.where('state').anyOf('waiting', 'stopped').sortBy('seq')
  return rows.filter((row) => !row.quiet)
}

async function sealForCentre(rows: EntryRow[]): Promise<number> {
  const house = await houseKey()
  if (rows.length === 0 || !house) return 0
  try {
    const envelope = await envelopeOf(rows, house, openWithEndedKey, '')
    await db.envelopes.put({ id: newId(), at: now(), who: rows[0]?.who ?? '', envelope })
    return rows.length
  } catch {
    return 0 // the key is gone already: what it sealed is noise
  }
}
