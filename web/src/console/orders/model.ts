import type { components } from '@/shared/api/schema'

export type OrderRow = components['schemas']['OrderRowOut']
export type Order = components['schemas']['OrderOut']
export type Addressee = components['schemas']['AddresseeOut']

export const BOXES = ['owed', 'mine', 'given', 'all'] as const
export type Box = (typeof BOXES)[number]
export const PAGE_SIZE = 50

/** What a picker of date and time gives (`2026-03-09T08:30:00`, Beijing) as the server wants it. */
export function instant(picked: string | null): string | null {
  return picked ? `${picked}+08:00` : null
}

/** What a chosen day means as a limit: all of it, not its first minute. */
export const END_OF_DAY = new Date(2000, 0, 1, 23, 59)
