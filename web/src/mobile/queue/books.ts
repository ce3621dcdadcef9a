// Whose phone keeps books of what is not sent yet, and so is told the key for what it may have to seal for the centre.
import { ApiError } from '@/shared/api/errors'
import { me } from '@/shared/session/session'

import { get } from '../net'
import { keyHolds, keyOf } from '../store/seal'
import { houseKey, keepHouseKey, type HouseKey } from './envelope'

/** As the server says (`KEEPS_BOOKS` of wangge/field/actions/house_keys.py). */
const RIGHTS = ['field.work', 'case.handle', 'case.report'] as const

export function keepsBooks(): boolean {
  return RIGHTS.some((right) => me.value?.permissions.includes(right))
}

let toldTo: string | undefined

/** Once for each sign-in and post: of a worker it comes with the pack. Without an answer it is asked for again. */
export async function askHouseKey(): Promise<void> {
  const who = keyOf()
  if (!keepsBooks() || !keyHolds() || (who === toldTo && (await houseKey()))) return
  try {
    await keepHouseKey(await get<HouseKey>('/api/field/house-key'))
    toldTo = who
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
  }
}
