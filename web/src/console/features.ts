// How a feature folder joins the console: `<feature>/feature.ts` exports one of these as its default, and is found by itself.
import type { Component } from 'vue'
import type { RouteRecordRaw } from 'vue-router'

declare module 'vue-router' {
  interface RouteMeta {
    /** Message key of the page's name: window title, and the rail's label. */
    title?: string
    /** Any one of these permissions opens the page; none asked when absent. */
    any?: readonly string[]
    /** Needs nobody signed in. */
    open?: boolean
  }
}

export interface RailEntry {
  /** Path of one of the feature's own routes. Its `meta` gives label and permission. */
  to: string
  icon: Component
  /** Place in the rail: workbench 10, cases 20, intake 30, map 40, grids 50, teams 60, dashboard 70, imports 80, units 90, accounts 100. */
  order: number
}

export interface Feature {
  /** Children of the frame, paths without the leading slash, pages as `() => import(…)`. */
  routes: RouteRecordRaw[]
  rail?: RailEntry[]
}

export function defineFeature(feature: Feature): Feature {
  return feature
}

const found = import.meta.glob<Feature>(['./*/feature.ts', '!./kit/feature.ts'], {
  eager: true,
  import: 'default',
})

export const features: Feature[] = Object.values(found)

export const rail: RailEntry[] = features
  .flatMap((feature) => feature.rail ?? [])
  .sort((one, other) => one.order - other.order)
