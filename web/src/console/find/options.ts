// The rows of the list in their order: what the arrow keys walk through.
import type { RouteLocationRaw } from 'vue-router'

import { listOf, pageOf, type Group, type Hit, type Kind } from './links'

export type Option =
  | { is: 'recent'; word: string }
  | { is: 'hit'; kind: Kind; hit: Hit; to: RouteLocationRaw }
  | { is: 'more'; kind: Kind; to: RouteLocationRaw }

export interface Section {
  kind: Kind
  options: Option[]
  /** There are more, but no page that lists them. */
  narrower: boolean
}

export function sectionsOf(groups: readonly Group[], q: string, may: (one: string) => boolean): Section[] {
  return groups.map(({ kind, items, more }) => {
    const hits: Option[] = items.map((hit) => ({ is: 'hit', kind, hit, to: pageOf(kind, hit, may) }))
    const list = more ? listOf(kind, q, may) : undefined
    return {
      kind,
      options: list === undefined ? hits : [...hits, { is: 'more', kind, to: list }],
      narrower: more && list === undefined,
    }
  })
}

/** One step round: past the last comes none (-1), where Enter searches for the words as typed. */
export function stepped(at: number, by: 1 | -1, count: number): number {
  const next = at + by
  if (next >= count) return -1
  return next < -1 ? count - 1 : next
}
