// What a fresh first page does to the rows on the screen. Pure; the list must not jump under the cursor.

export interface Versioned {
  id: string
  version: number
}

export interface Merged<R> {
  rows: R[]
  /** Rows that stayed where they are with something new in them. */
  changed: string[]
  /** Rows that the server has now and the screen did not; shown only when nothing is held. */
  fresh: R[]
  /** Rows that have left the queue; held, they stay in their place to be seen. */
  gone: string[]
}

/**
 * `head`: the queue's first page now. `touched`: cases that news came of. `hold`: somebody reads or points at the list,
 * so rows are renewed in their places, none is put in or taken out.
 */
export function mergeHead<R extends Versioned>(
  shown: readonly R[],
  head: readonly R[],
  { hold, touched }: { hold: boolean; touched: ReadonlySet<string> },
): Merged<R> {
  const now = new Map(head.map((row) => [row.id, row]))
  const known = new Set(shown.map(({ id }) => id))
  const fresh = head.filter(({ id }) => !known.has(id))
  const gone = shown
    // Beyond the first page nobody can tell yet; the row says so itself when it is opened.
    .filter(({ id }, index) => touched.has(id) && !now.has(id) && index < head.length + touched.size)
    .map(({ id }) => id)
  const changed = shown
    .filter((row) => (now.get(row.id)?.version ?? row.version) !== row.version)
    .map(({ id }) => id)

  if (hold) return { rows: shown.map((row) => now.get(row.id) ?? row), changed, fresh, gone }
  const left = new Set(gone)
  const later = shown.filter(({ id }) => !now.has(id) && !left.has(id))
  return { rows: [...head, ...later], changed, fresh, gone }
}
