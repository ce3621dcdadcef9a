// How a feature folder joins the phone: `<feature>/feature.ts`, found by itself.
import type { RouteRecordRaw } from 'vue-router'

export interface Feature {
  /** Paths under /m/, without a leading slash. `meta.title` is a message key; `meta.open`: needs no sign-in. */
  routes: RouteRecordRaw[]
}

declare module 'vue-router' {
  interface RouteMeta {
    /** Opens without anybody signed in. */
    open?: boolean
    /** One of the four first pages: no way back in its bar. */
    tab?: boolean
  }
}

export function defineFeature(feature: Feature): Feature {
  return feature
}

export const features = Object.values(
  import.meta.glob<Feature>('./*/feature.ts', { eager: true, import: 'default' }),
)
