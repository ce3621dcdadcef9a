/** Longest title that still reads as one line on the desk. */
const LONGEST = 40

/** The first sentence of what was said; the whole of it stays as the description. */
export function titleOf(words: string): string {
  const [first = ''] = words.trim().split(/[。！？；\n]|[.!?;]\s/, 1)
  const line = first.trim() || words.trim()
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line
}
