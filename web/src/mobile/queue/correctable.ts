// The words in what was sent, by where they stand: what a person can correct in any entry.
import type { Content } from './queue'

export interface Words {
  /** Keys from the body inwards. */
  path: string[]
  text: string
}

/** Names that are not for people. */
const NOT_WORDS = /(^|_)(id|ids|at|code|version|form|how|move|result|source|grid|token|posts|key)$/

export function correctable(content: Content): Words[] {
  return found(content.body, [])
}

export function wordsOf(content: Content): string[] {
  return correctable(content).map(({ text }) => text)
}

/** The content with these words in the place of its own. */
export function withWords(content: Content, words: readonly Words[]): Content {
  const body = JSON.parse(JSON.stringify(content.body)) as Record<string, unknown>
  for (const { path, text } of words) put(body, path, text)
  // The version of a case that was looked at is older than what stands there now; the corrected one is meant for that.
  // A record's version is another thing: of the form that it was filled in on.
  if (content.operation === 'case_move') delete body['version']
  return { ...content, body }
}

function found(value: unknown, path: string[]): Words[] {
  if (typeof value === 'string') {
    const name = path[path.length - 1] ?? ''
    return value !== '' && !NOT_WORDS.test(name) && !isMachine(value) ? [{ path, text: value }] : []
  }
  if (Array.isArray(value) || typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => found(inner, [...path, name]))
}

function isMachine(text: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f-]{27}$|^\d{4}-\d\d-\d\dT/.test(text)
}

function put(target: Record<string, unknown>, [first, ...rest]: string[], text: string): void {
  if (first === undefined) return
  if (rest.length === 0) target[first] = text
  else put(target[first] as Record<string, unknown>, rest, text)
}
