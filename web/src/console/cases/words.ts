// How a case is worded and coloured, the same on every page.
import type { Translate } from '@/shared/i18n/translate'

type Tone = 'plain' | 'blue' | 'amber' | 'red' | 'green' | 'grey'

const TONES: Record<string, Tone> = {
  reported: 'blue',
  accepted: 'blue',
  dispatched: 'plain',
  handling: 'plain',
  suspended: 'amber',
  handled: 'blue',
  reviewed: 'blue',
  closed: 'green',
  archived: 'grey',
  refused: 'grey',
  joined: 'grey',
}

/** Blue: the centre's turn. Plain: a unit's. */
export function stateTone(state: string): Tone {
  return TONES[state] ?? 'plain'
}

/** The step of the ladder as it is stored, 1 to 5. */
export function ladderKey(height: number): string {
  return ['', 'remind', 'urge', 'supervise', 'yellow_card', 'red_card'][height] ?? ''
}

/** A stored word that this page may not know yet is shown as it is. */
export function word(t: Translate, group: string, value: string, known: readonly string[]): string {
  return known.includes(value) ? t(`cases.${group}.${value}`) : value
}
