// What the choices of a kind's options are called; a choice newer than these words is shown as it is written.
import type { Translate } from '@/shared/i18n/translate'

/** Options whose choices have their words among those of cases. */
const OF_CASES: Record<string, string> = {
  default_source: 'cases.source',
  default_outcome: 'cases.outcome',
}

export function choiceWord(
  option: string,
  choice: string,
  t: Translate,
  te: (key: string) => boolean,
): string {
  const key = `${OF_CASES[option] ?? 'imports.choice'}.${choice}`
  return te(key) ? t(key) : choice
}
