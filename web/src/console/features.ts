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
    /** Addresses with the same name here are one page that stays as it is from one to the other. */
    stays?: string
  }
}

/** The rail's parts from top to bottom, named by `frame.part.…`. */
export const PARTS = ['cases', 'command', 'ground', 'insight', 'house'] as const
export type Part = (typeof PARTS)[number]

export interface RailEntry {
  part: Part
  /** Path of one of the feature's own routes. Its `meta` gives label and permission. */
  to: string
  icon: Component
  /** Place within its part, in tens. */
  order: number
  /** Other pages under this entry, where its own address does not begin theirs. */
  pages?: readonly string[]
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
  .sort((one, other) => PARTS.indexOf(one.part) - PARTS.indexOf(other.part) || one.order - other.order)
