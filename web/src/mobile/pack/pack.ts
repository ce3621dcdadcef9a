// The reference data of a worker: grids, team, categories, forms, the patrol of today, visits, errands. One answer, kept
// sealed; asked for again when its version changed.
import { ref, shallowRef } from 'vue'

import { ApiError } from '@/shared/api/errors'
import { me } from '@/shared/session/session'
import { now, stopwatch } from '@/shared/time/clock'

import type { Pack } from '../field'
import { get } from '../net'
import { askHouseKey } from '../queue/books'
import { keepHouseKey } from '../queue/envelope'
import { onSent } from '../queue/sender'
import { db } from '../store/db'
import { keep, kept } from '../store/kept'
import { keyHolds, NoKey } from '../store/seal'

export type { PackGrid } from '../field'

export const pack = shallowRef<Pack>()
/** ms when the copy was asked for: what was done later may not be in it. */
export const packAt = ref(0)
export const packError = shallowRef<ApiError>()
export const packLoading = ref(false)

const OLD_MS = 5 * 60_000
const WITHOUT_MS = 15_000
let soon: number | undefined

/** The copy at once, then the server's answer. Called when somebody is signed in. */
export async function startPack(): Promise<void> {
  const copy = await kept<Pack>('pack').catch(() => undefined)
  if (copy && !pack.value) {
    pack.value = copy.value
    packAt.value = copy.at
  }
  await renewPack()
}

export async function renewPack(): Promise<void> {
  if (!me.value?.permissions.includes('field.work')) return askHouseKey()
  if (!keyHolds() || packLoading.value) return
  packLoading.value = true
  const askedAt = stopwatch()
  try {
    const answered = await get<Pack>('/api/field/pack')
    pack.value = answered
    packAt.value = askedAt()
    packError.value = undefined
    // First, and small: without it a full phone could seal nothing for the centre.
    if (answered.house_key) await keepHouseKey(answered.house_key)
    await keep('pack', answered, packAt.value)
  } catch (error) {
    if (error instanceof NoKey) return
    if (!(error instanceof ApiError)) throw error
    packError.value = error
    // Without any copy the day cannot begin: asked for again before the round of minutes.
    if (!pack.value) soon = window.setTimeout(() => void renewPack(), WITHOUT_MS)
  } finally {
    packLoading.value = false
  }
}

/** What was done here changes the plan there; and a page seen again should not show an old one. */
export function watchPack(): void {
  onSent(({ quiet, part }) => {
    if (!quiet && !part) renewSoon()
  })
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden && packAt.value < now() - OLD_MS) void renewPack()
  })
  window.addEventListener('online', () => void renewPack())
  // Where the feed does not reach, the open page asks by itself.
  window.setInterval(() => {
    if (!document.hidden && packAt.value < now() - OLD_MS) void renewPack()
  }, OLD_MS)
}

export function renewSoon(): void {
  window.clearTimeout(soon)
  soon = window.setTimeout(() => void renewPack(), 1500)
}

/** Bytes that the copies take on this phone. */
export async function keptBytes(): Promise<number> {
  return (await db.kept.toArray()).reduce((sum, { bytes }) => sum + bytes, 0)
}
