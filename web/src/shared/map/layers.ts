// What can be switched on and off on a map. A room adds its own in `<feature>/map-layers.ts` of its application:
//
//   export default defineLayers([{ id: 'hydrants', label: '<room>.<layer>', order: 60, legend: […],
//     component: defineAsyncComponent(() => import('./HydrantLayer.vue')) }])
//
// The component stands inside the map. It gets `view` and `choice`, asks for what lies in the view, and emits `pick`
// with what was clicked and `tell` with one sentence about what it shows.
import type { Component } from 'vue'

export interface Legend {
  /** Message key. */
  label: string
  colour: string
  shape: 'area' | 'line' | 'point' | 'cell'
}

export interface MapLayer {
  id: string
  /** Message key of its name. */
  label: string
  order: number
  component: Component
  /** Whether it is on when somebody opens the map for the first time. */
  on?: boolean
  /** Any one of these permissions; none asked when absent. */
  any?: readonly string[]
  /** Shown from this zoom on; from further away the switch says so. */
  minZoom?: number
  /** Ways of showing it: the first is the usual one. `value` goes to the component, `label` is a message key. */
  choices?: readonly { value: string; label: string }[]
  legend: readonly Legend[] | ((choice: string) => readonly Legend[])
}

export interface Picked {
  kind: 'area' | 'case' | 'place' | 'person'
  id: string
}

export function defineLayers(layers: readonly MapLayer[]): readonly MapLayer[] {
  return layers
}

export function legendOf({ legend }: MapLayer, choice: string): readonly Legend[] {
  return typeof legend === 'function' ? legend(choice) : legend
}
