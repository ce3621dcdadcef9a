// The five shares of how good records are (the server reckons them), as columns and with what they are shares of.
import type { ComposerTranslation } from 'vue-i18n'

import type { components } from '@/shared/api/schema'
import { percent } from '@/shared/numbers/format'

export type QualityLine = components['schemas']['QualityLineOut']
export type Share = 'complete' | 'valid' | 'fresh' | 'tied' | 'checked'

export const SHARES: readonly Share[] = ['complete', 'valid', 'fresh', 'tied', 'checked']

export function shownShare(line: QualityLine, share: Share): string {
  return percent(line[`${share}_pct`], 2)
}

/** How many of how many a share is about: people, or rented dwellings. */
export function countsOf(line: QualityLine, share: Share): { part: number; whole: number } {
  switch (share) {
    case 'valid':
      return { part: line.people - line.faulty, whole: line.people }
    case 'checked':
      return { part: line.rented - line.unchecked, whole: line.rented }
    default:
      return { part: line[share], whole: line.people }
  }
}

export function shareColumns(t: ComposerTranslation) {
  return SHARES.map((share) => ({
    key: share,
    label: t(`registry.pct.${share}`),
    numeric: true,
    text: (line: QualityLine) => shownShare(line, share),
  }))
}
