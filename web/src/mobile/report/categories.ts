// Which category a report may have: guessed from its words where there is a network, else from what was chosen here before.
import { computed, shallowRef, type ComputedRef } from 'vue'

import type { components } from '@/shared/api/schema'

import { get, post } from '../net'
import { keep, kept, useKept, type Kept } from '../store/kept'

export type Category = components['schemas']['CategoryOut']
type Scheme = components['schemas']['SchemeOut']
type Guess = components['schemas']['GuessOut']

/** Chips that fit under one thumb. */
const SHOWN = 6
const REMEMBERED = 20

export function useCategories(): Kept<Category[]> & { leaves: ComputedRef<Category[]> } {
  const asked = useKept<Category[]>('categories', everyCategory)
  const leaves = computed(() =>
    (asked.data.value ?? []).filter(({ is_leaf, is_active }) => is_leaf && is_active),
  )
  return { ...asked, leaves }
}

/** Of all schemes in force. */
async function everyCategory(signal: AbortSignal): Promise<Category[]> {
  const schemes = await get<Scheme[]>('/api/schemes', signal)
  const lists = await Promise.all(
    schemes.map(({ code }) => get<Category[]>(`/api/categories?scheme=${encodeURIComponent(code)}`, signal)),
  )
  return lists.flat()
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
