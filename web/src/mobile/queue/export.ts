// The queue as files that only the centre can open: for a phone that will find no network for days, or must be handed in.
import { me } from '@/shared/session/session'
import { exactTime } from '@/shared/time/format'
import { now } from '@/shared/time/clock'

import type { EntryRow } from '../store/db'
import { openBytes } from '../store/seal'
import { unsentRows } from '../store/wipe'
import { envelopeOf, houseKey, textOf, type Envelope } from './envelope'
import { together } from './machine'
import { contentOf } from './queue'

/** Of photos and recordings in one file: a phone seals it in its memory, and a desk sends it in one request. */
const FILE_BYTES = 24 * 1024 * 1024
/** Entries in one file; the centre takes 5,000 with the parts of their photos. */
const FILE_ENTRIES = 1000

/** What is not sent, shared out among as many files as it takes; what hangs together stays together. */
export async function exportFiles(): Promise<EntryRow[][]> {
  const files: { rows: EntryRow[]; bytes: number }[] = []
  for (const rows of together(await unsentRows())) {
    const bytes = await bytesIn(rows)
    const last = files.at(-1)
    if (last && last.bytes + bytes <= FILE_BYTES && last.rows.length + rows.length <= FILE_ENTRIES) {
      last.rows.push(...rows)
      last.bytes += bytes
    } else files.push({ rows: [...rows], bytes })
  }
  return files.map(({ rows }) => rows)
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

async function bytesIn(rows: readonly EntryRow[]): Promise<number> {
  const contents = await Promise.all(rows.filter(({ part }) => part).map(contentOf))
  return contents.reduce((sum, { file }) => sum + (file?.bytes ?? 0), 0)
}
