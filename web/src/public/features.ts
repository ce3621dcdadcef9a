// How a feature folder joins the residents' pages: `<feature>/feature.ts`, found by itself.
import type { RouteRecordRaw } from 'vue-router'

export interface Feature {
  /** Paths under /public/, without a leading slash. `meta.title` is a message key. */
  routes: RouteRecordRaw[]
  /** An entry on the first page. */
  home?: { to: string; label: string; hint: string; order: number }
}

export function defineFeature(feature: Feature): Feature {
  return feature
}

export const features = Object.values(
  import.meta.glob<Feature>('./*/feature.ts', { eager: true, import: 'default' }),
)

export const entries = features
  .flatMap(({ home }) => home ?? [])
  .sort((one, other) => one.order - other.order)
