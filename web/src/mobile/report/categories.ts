// Which category a report may have: of the reference data that is on the phone from the start. Guessed from its words where
// there is a network, and before there are any from what is reported in this worker's grids, at this hour, and by themselves
// (shares of each, as equals). A guess stands first and says why; nobody but the worker chooses.
import { computed, shallowRef, type ComputedRef } from 'vue'

import type { components } from '@/shared/api/schema'
import { language } from '@/shared/i18n/language'

import type { PackCategory, PackLikely } from '../field'
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

/** Why a category stands first: `n` cases. `words`: as the server says it. */
export type Reason =
  { kind: 'here' | 'hour' | 'mine' | 'chosen'; n: number } | { kind: 'words'; text: string }

export interface Guessed {
  id: number
  reasons: Reason[]
}

/** Fewer cases than these are no habit of a place or an hour. */
const ENOUGH = 5
/** One of a kind may be chance. */
const TOLD_FROM = 2
const DAY_PARTS = 8

export function partOf(hour: number): number {
  return Math.floor((hour * DAY_PARTS) / 24)
}

/** From half a year's cases, best first. `hour` of Beijing. */
export function likelyOf(rows: readonly PackLikely[], hour: number): Guessed[] {
  const part = partOf(hour)
  const sources = {
    here: (row: PackLikely) => row.here,
    hour: (row: PackLikely) => row.by_part[part] ?? 0,
    mine: (row: PackLikely) => row.mine,
  }
  const used = Object.entries(sources).flatMap(([kind, count]) => {
    const all = rows.reduce((sum, row) => sum + count(row), 0)
    return all >= ENOUGH ? [{ kind: kind as keyof typeof sources, count, all }] : []
  })
  return rows
    .map((row) => ({
      id: row.category_id,
      score: used.reduce((sum, { count, all }) => sum + count(row) / all, 0),
      reasons: used.flatMap(({ kind, count }) => (count(row) >= TOLD_FROM ? [{ kind, n: count(row) }] : [])),
    }))
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score)
    .map(({ id, reasons }) => ({ id, reasons }))
}

/** What the words suggest, best first; nothing without a network. */
export async function guess(
  text: string,
  at: { lon: number | null; lat: number | null },
  signal: AbortSignal,
): Promise<Guessed[]> {
  if (text.trim().length < 2) return []
  const found = await post<Guess[]>(
    '/api/categories/guess',
    { text, lon: at.lon, lat: at.lat },
    signal,
  ).catch(() => [] as Guess[])
  return found.map(({ category_id: id, reasons }) => ({
    id,
    reasons: reasons.map((told): Reason => ({ kind: 'words', text: told })),
  }))
}

/** What was chosen on this phone, most often first. */
export function chosenHere(): Guessed[] {
  const often = [...new Set(recent.value)].sort((one, other) => times(other) - times(one))
  return often.map((id) => ({
    id,
    reasons: times(id) >= TOLD_FROM ? [{ kind: 'chosen', n: times(id) }] : [],
  }))
}

/** The chips: in the order of the guesses, then the list's own beginning. */
export function suggestions(leaves: readonly Category[], guessed: readonly Guessed[]): Category[] {
  const byId = new Map(leaves.map((leaf) => [leaf.id, leaf]))
  const ids = [...new Set([...guessed, ...leaves].map(({ id }) => id))]
  return ids.flatMap((id) => byId.get(id) ?? []).slice(0, SHOWN)
}

/** All that speaks for one of them. */
export function reasonsFor(id: number, guessed: readonly Guessed[]): Reason[] {
  return guessed.flatMap((one) => (one.id === id ? one.reasons : []))
}

function times(id: number): number {
  return recent.value.filter((one) => one === id).length
}
