// The queue as files that only the centre can open: for a phone that will find no network for days, or must be handed in.
import { me } from '@/shared/session/session'
import { exactTime } from '@/shared/time/format'
import { now } from '@/shared/time/clock'

import type { EntryRow } from '../store/db'
import { openBytes } from '../store/seal'
import { unsentRows } from '../store/wipe'
import { ENVELOPE_BYTES, envelopeOf, houseKey, textOf, type Envelope } from './envelope'
import { packed, shares } from './machine'

/** In one file where several reports go into it: a phone seals it in its memory, and a desk sends it in one request. */
const FILE_BYTES = 24 * 1024 * 1024
/** Entries in one file; the centre takes 5,000 with the parts of their photos. */
const FILE_ENTRIES = 1000

/** What is not sent, shared out among as many files as it takes; what hangs together stays together where it can. */
export async function exportFiles(): Promise<EntryRow[][]> {
  const units = shares(await unsentRows(), ENVELOPE_BYTES).map(({ rows }) => rows)
  return packed(units, FILE_BYTES, FILE_ENTRIES)
}

/** `number`: which one of several it is. */
export async function exportFile(rows: readonly EntryRow[], number?: number): Promise<void> {
  const house = await houseKey()
  if (!house) return
  saveAs(await envelopeOf(rows, house, openBytes, me.value?.user.name ?? ''), number)
}

export function saveAs(envelope: Envelope, number?: number): void {
  const url = URL.createObjectURL(new Blob([textOf(envelope)], { type: 'application/json' }))
  const stamp = exactTime(now()).replace(/\D/g, '').slice(0, 12)
  const name = ['wangge', stamp, ...(number ? [String(number)] : [])].join('-')
  Object.assign(document.createElement('a'), { href: url, download: `${name}.sealed.json` }).click()
  setTimeout(() => {
    URL.revokeObjectURL(url)
  }, 60_000)
}
