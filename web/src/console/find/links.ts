// Where a hit leads, and where all of its kind are listed. Pure.
import type { RouteLocationRaw } from 'vue-router'

import type { components } from '@/shared/api/schema'

import { isPersonal } from './recent'

export type Hit = components['schemas']['HitOut']
export type Group = components['schemas']['GroupOut']
export type Kind = Group['kind']
type May = (permission: string) => boolean

export function pageOf(kind: Kind, hit: Hit, may: May): RouteLocationRaw {
  switch (kind) {
    case 'call':
    case 'case':
      return `/cases/${hit.id}`
    case 'duty':
      return { path: '/duty', query: { unit: hit.id } }
    case 'member':
      return `/grids/${hit.code}`
    case 'account':
      return `/accounts/${hit.id}`
    case 'grid':
      return `/grids/${hit.id}`
    case 'division':
      return { path: '/grids', query: { at: hit.code } }
    case 'place':
      return { path: '/grids', query: { at: hit.code } }
    case 'unit':
      // Whoever does not administer units comes to its cases.
      return may('account.read')
        ? { path: '/units', query: { unit: hit.id } }
        : { path: '/cases', query: { unit: hit.path, queue: 'open' } }
  }
}

/** Undefined where no page lists them, or where the words may stand in no address: then they must say more. */
export function listOf(kind: Kind, q: string, may: May): RouteLocationRaw | undefined {
  if (kind === 'call') return '/cases' // the number goes there by hand (phone.ts), never by the address
  if (isPersonal(q)) return undefined
  switch (kind) {
    case 'case':
      return { path: '/cases', query: { q } }
    case 'member':
      return { path: '/teams', query: { q } }
    case 'account':
      return { path: '/accounts', query: { q } }
    case 'grid':
      return { path: '/grids', query: { q } }
    case 'unit':
      return may('account.read') ? { path: '/units', query: { q } } : undefined
    case 'duty':
    case 'division':
    case 'place':
      return undefined
  }
}
