// Which category a report may have: of the reference data that is on the phone from the start; guessed from its words where
// there is a network, else from what was chosen here before.
import { computed, shallowRef, type ComputedRef } from 'vue'

import type { components } from '@/shared/api/schema'
import { language } from '@/shared/i18n/language'

import type { PackCategory } from '../field'
import { post } from '../net'
import { pack } from '../pack/pack'
import { keep, kept } from '../store/kept'

type Guess = components['schemas']['GuessOut']

export interface Category {
  id: number
  name: string
  /** With what it is a part of. */
  full_name: string
  /** Photo types needed to close. */
  evidence: readonly string[]
  settle_on_spot: boolean
}

/** Chips that fit under one thumb. */
const SHOWN = 6
const REMEMBERED = 20
const SEPARATOR = ' / '

export function useCategories(): ComputedRef<Category[]> {
  return computed(() => leavesOf(pack.value?.categories ?? []))
}

export function leavesOf(known: readonly PackCategory[]): Category[] {
  const byId = new Map(known.map((one) => [one.id, one]))
  return known
    .filter(({ is_leaf }) => is_leaf)
    .map((one) => ({
      id: one.id,
      name: nameOf(one),
      full_name: line(one, byId).map(nameOf).join(SEPARATOR),
      evidence: one.evidence,
      settle_on_spot: one.settle_on_spot,
    }))
}

function line(one: PackCategory, byId: ReadonlyMap<number, PackCategory>): PackCategory[] {
  const above = one.parent_id === null ? undefined : byId.get(one.parent_id)
  return above ? [...line(above, byId), one] : [one]
}

function nameOf({ name_zh, name_en }: PackCategory): string {
  return language.value === 'en' && name_en ? name_en : name_zh
}

const recent = shallowRef<number[]>([])

export async function loadRecent(): Promise<void> {
  recent.value = (await kept<number[]>('recent-categories').catch(() => undefined))?.value ?? []
}

export async function remember(id: number): Promise<void> {
  recent.value = [id, ...recent.value].slice(0, REMEMBERED)
  await keep('recent-categories', recent.value)
}

/** What the words suggest, ids, best first; nothing without a network. */
export async function guess(
  text: string,
  at: { lon: number | null; lat: number | null },
  signal: AbortSignal,
): Promise<number[]> {
  if (text.trim().length < 2) return []
  const found = await post<Guess[]>(
    '/api/categories/guess',
    { text, lon: at.lon, lat: at.lat },
    signal,
  ).catch(() => [] as Guess[])
  return found.map(({ category_id }) => category_id)
}

/** The chips: guesses first, then what this person reports most, then the list's own beginning. */
export function suggestions(leaves: readonly Category[], guessed: readonly number[]): Category[] {
  const byId = new Map(leaves.map((leaf) => [leaf.id, leaf]))
  const often = [...new Set(recent.value)].sort((one, other) => times(other) - times(one))
  const ids = [...new Set([...guessed, ...often, ...leaves.map(({ id }) => id)])]
  return ids.flatMap((id) => byId.get(id) ?? []).slice(0, SHOWN)
}

function times(id: number): number {
  return recent.value.filter((one) => one === id).length
}
