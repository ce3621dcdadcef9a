// The running limit of a case as the countdown wants it.

/** Share of the limit left when it turns amber; as in the server's rules. */
const AMBER_SHARE = 0.3

/**
 * Where the countdown begins, so that it turns amber at the very instant the server computed: in working time that is
 * not 30 % by the wall clock.
 */
export function limitFrom(row: {
  due_at?: string | null
  amber_at?: string | null
  reported_at: string
}): string {
  if (!row.due_at || !row.amber_at) return row.reported_at
  const [due, amber] = [Date.parse(row.due_at), Date.parse(row.amber_at)]
  return new Date(due - (due - amber) / AMBER_SHARE).toISOString()
}
