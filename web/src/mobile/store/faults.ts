import { NoKey } from './seal'

/** Why something is not in the store. */
export type Fault = 'signedOut' | 'full' | 'store'

export function faultOf(error: unknown): Fault {
  if (error instanceof NoKey) return 'signedOut'
  // Dexie puts the store's own error inside.
  const { name, inner } = error as { name?: string; inner?: { name?: string } }
  return [name, inner?.name].includes('QuotaExceededError') ? 'full' : 'store'
}
