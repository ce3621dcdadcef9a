// The views one has, kept once for all pages; each change answers with all of them as they are now.
import { computed, shallowRef, type ComputedRef, type ShallowRef } from 'vue'

import { api, call } from '@/shared/api/client'
import type { components } from '@/shared/api/schema'

import type { View } from './model'

type ViewIn = components['schemas']['ViewIn']

/** Of the server: so many tabs on the workbench. */
export const MOST_PINNED = 8

const views = shallowRef<View[]>([])
const pinned = computed(() => views.value.filter((view) => view.pinned !== null).map(({ id }) => id))
let asked: Promise<void> | undefined

export interface Views {
  views: ShallowRef<View[]>
  /** In the order of their tabs. */
  pinned: ComputedRef<number[]>
  /** Once for all pages; again after a failure. */
  ready: () => Promise<void>
  one: (id: number) => Promise<View>
  /** `key`: the same for as long as it is tried. */
  save: (body: ViewIn, key: string) => Promise<View>
  change: (id: number, body: ViewIn) => Promise<View>
  end: (id: number) => Promise<void>
  pin: (ids: number[]) => Promise<void>
}

export function useViews(): Views {
  return { views, pinned, ready, one, save, change, end, pin }
}

function ready(): Promise<void> {
  asked ??= load().catch((error: unknown) => {
    asked = undefined
    throw error
  })
  return asked
}

async function load(): Promise<void> {
  views.value = await call(api.GET('/api/views'))
}

async function one(id: number): Promise<View> {
  await ready()
  const known = views.value.find((view) => view.id === id)
  return known ?? call(api.GET('/api/views/{view_id}', { params: { path: { view_id: id } } }))
}

async function save(body: ViewIn, key: string): Promise<View> {
  const saved = await call(api.POST('/api/views', { body, headers: { 'Idempotency-Key': key } }))
  await load()
  return saved
}

async function change(id: number, body: ViewIn): Promise<View> {
  const changed = await call(api.PUT('/api/views/{view_id}', { params: { path: { view_id: id } }, body }))
  await load()
  return changed
}

async function end(id: number): Promise<void> {
  await call(api.DELETE('/api/views/{view_id}', { params: { path: { view_id: id } } }))
  await load()
}

async function pin(ids: number[]): Promise<void> {
  views.value = await call(api.PUT('/api/views/pins', { body: { ids } }))
}
