// Filters that live in the address: each says how it is written there and what it is when absent.
import type { LocationQuery } from 'vue-router'

export interface Filter<T> {
  /** Value when the address says nothing; such a value is not written. */
  absent: T
  read: (text: string) => T
  write: (value: T) => string
}

export type Filters = Record<string, Filter<never>>
export type FilterValues<F> = { [K in keyof F]: F[K] extends Filter<infer T> ? T : never }

export function text(absent = ''): Filter<string> {
  return { absent, read: (written) => written, write: (value) => value }
}

export function flag(): Filter<boolean> {
  return { absent: false, read: (written) => written === '1', write: (value) => (value ? '1' : '0') }
}

/** A whole number; nonsense in the address counts as absent. */
export function whole(absent: number): Filter<number> {
  return {
    absent,
    read: (written) => (/^\d{1,9}$/.test(written) ? Number(written) : absent),
    write: (value) => String(value),
  }
}

/** `2025-11-20`; what is no day counts as absent. */
export function day(absent: string): Filter<string> {
  return {
    absent,
    read: (written) =>
      /^\d{4}-\d\d-\d\d$/.test(written) && !Number.isNaN(Date.parse(written)) ? written : absent,
    write: (value) => value,
  }
}

/** One of a few; anything else in the address counts as absent. */
export function oneOf<T extends string>(choices: readonly T[], absent: T): Filter<T> {
  return {
    absent,
    read: (written) => choices.find((choice) => choice === written) ?? absent,
    write: (value) => value,
  }
}

/** Several codes, written `a,b`. */
export function many(): Filter<string[]> {
  return {
    absent: [],
    read: (written) => written.split(',').filter((code) => code !== ''),
    write: (value) => value.join(','),
  }
}

export function readFilters<F extends object>(filters: F, query: LocationQuery): FilterValues<F> {
  const read = Object.entries(filters as Record<string, Filter<unknown>>).map(([name, filter]) => {
    const written = query[name]
    return [name, typeof written === 'string' ? filter.read(written) : copy(filter.absent)]
  })
  return Object.fromEntries(read) as FilterValues<F>
}

/** The address's query: ours replaced, what others put there kept. */
export function writeFilters<F extends object>(
  filters: F,
  values: FilterValues<F>,
  query: LocationQuery,
): LocationQuery {
  const ours = Object.entries(filters as Record<string, Filter<unknown>>)
  const others = Object.entries(query).filter(([name]) => !(name in filters))
  const written = ours
    .map(([name, filter]): [string, string, string] => {
      const value = (values as Record<string, unknown>)[name]
      return [name, filter.write(value), filter.write(filter.absent)]
    })
    .filter(([, value, absent]) => value !== absent)
    .map(([name, value]) => [name, value])
  return Object.fromEntries([...others, ...written]) as LocationQuery
}

function copy(value: unknown): unknown {
  return Array.isArray(value) ? [...(value as unknown[])] : value
}
