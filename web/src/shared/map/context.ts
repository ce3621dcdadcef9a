// What a layer component gets from the map around it.
import type { Map } from 'maplibre-gl'
import { inject, onScopeDispose, provide, type InjectionKey, type ShallowRef } from 'vue'

import type { Picks } from './picks'

export interface OpenMap {
  map: Map
  picks: Picks
  /** False once the map is taken down: its layers went with it. */
  isOpen: () => boolean
}

const KEY: InjectionKey<ShallowRef<OpenMap | undefined>> = Symbol('map')

export function provideMap(open: ShallowRef<OpenMap | undefined>): void {
  provide(KEY, open)
}

/** The map, ready: layers are only rendered once it has loaded. */
export function useMap(): OpenMap {
  const open = inject(KEY)?.value
  if (!open) throw new Error('A map layer stands outside <BaseMap>.')
  return open
}

/** Runs when the component goes, unless the map went first. */
export function onLeaveMap({ isOpen }: OpenMap, remove: () => void): void {
  onScopeDispose(() => {
    if (isOpen()) remove()
  })
}
