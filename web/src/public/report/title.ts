/** Longest title that still reads as one line on the desk: in widths of a Latin letter, of which a Chinese sign has two. */
const LONGEST = 80
const WIDE = /[\u2e80-\uffef]/

/** The first sentence of what was said; the whole of it stays as the description. */
export function titleOf(words: string): string {
  const [first = ''] = words.trim().split(/[。！？；\n]|[.!?;]\s/, 1)
  const line = first.trim() || words.trim()
  const end = fitting(line)
  if (end === line.length) return line
  // Not in the middle of a word, where there are words.
  const space = line.lastIndexOf(' ', end)
  return `${line.slice(0, space > end / 2 ? space : end)}…`
}

/** How many of its signs have room. */
function fitting(line: string): number {
  let width = 0
  for (let at = 0; at < line.length; at++) {
    width += WIDE.test(line.charAt(at)) ? 2 : 1
    if (width > LONGEST) return at
  }
  return line.length
}
