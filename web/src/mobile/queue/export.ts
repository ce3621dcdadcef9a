// The queue as a file that only the centre can open: for a phone that will find no network for days, or must be handed in.
import { me } from '@/shared/session/session'
import { exactTime } from '@/shared/time/format'
import { now } from '@/shared/time/clock'

import { openBytes } from '../store/seal'
import { unsentRows } from '../store/wipe'
import { envelopeOf, houseKey, textOf, type Envelope } from './envelope'

export async function exportQueue(): Promise<void> {
  const house = await houseKey()
  if (!house) return
  const envelope = await envelopeOf(await unsentRows(), house, openBytes, me.value?.user.name ?? '')
  saveAs(envelope)
}

export function saveAs(envelope: Envelope): void {
  const url = URL.createObjectURL(new Blob([textOf(envelope)], { type: 'application/json' }))
  const stamp = exactTime(now()).replace(/\D/g, '').slice(0, 12)
  Object.assign(document.createElement('a'), { href: url, download: `wangge-${stamp}.sealed.json` }).click()
  setTimeout(() => {
    URL.revokeObjectURL(url)
  }, 60_000)
}
