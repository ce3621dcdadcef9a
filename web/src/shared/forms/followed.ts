// Three versions of one form's values: what it began with, what was typed, and what somebody else saved meanwhile.

export interface Followed<V> {
  /** What was typed, and what stands wherever nothing was. */
  values: V
  /** What stands, with its fields in the order of the form's. */
  before: V
  /** Names of the fields that both changed, each to something else. A list is one field. */
  both: string[]
}

export function followed<V extends object>({
  typed,
  before,
  stands,
}: Record<'typed' | 'before' | 'stands', V>): Followed<V> {
  const values: Record<string, unknown> = {}
  const ordered: Record<string, unknown> = {}
  const both: string[] = []
  for (const name of Object.keys(typed)) {
    const [mine, was, theirs] = [typed, before, stands].map((one) => (one as Record<string, unknown>)[name])
    if (isGroup(mine) && isGroup(was) && isGroup(theirs)) {
      const within = followed({ typed: mine, before: was, stands: theirs })
      values[name] = within.values
      ordered[name] = within.before
      both.push(...within.both)
      continue
    }
    const isMine = !isSame(mine, was)
    values[name] = isMine ? mine : theirs
    ordered[name] = theirs
    if (isMine && !isSame(theirs, was) && !isSame(theirs, mine)) both.push(name)
  }
  return { values: values as V, before: ordered as V, both }
}

function isGroup(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
