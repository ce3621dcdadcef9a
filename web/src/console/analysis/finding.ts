// What a chart shows, said in one sentence: its title.
import type { Translate } from '@/shared/i18n/translate'
import { count, share } from '@/shared/numbers/format'

import { TIMES, type Analysis } from './model'

export function finding(
  found: Analysis,
  measure: string,
  name: (label: string) => string,
  t: Translate,
): string {
  const total = found.totals[measure] ?? 0
  const words = { measure: t(`analysis.measure.${measure}`), n: count(total) }
  if (total === 0) return t('analysis.finding.none', words)
  const isTime = (TIMES as readonly string[]).includes(found.by)
  if (isTime && found.by !== 'hour') return change(total, found.before?.[measure], words, t)
  const most = found.items.reduce((one, other) =>
    of(other.counts, measure) > of(one.counts, measure) ? other : one,
  )
  const n = of(most.counts, measure)
  return t(found.by === 'hour' ? 'analysis.finding.peak' : 'analysis.finding.most', {
    ...words,
    name: name(most.label),
    n: count(n),
    share: share(n, total),
  })
}

function change(
  total: number,
  before: number | undefined,
  words: { measure: string; n: string },
  t: Translate,
): string {
  if (before === undefined) return t('analysis.finding.total', words)
  if (before === total) return t('analysis.finding.same', words)
  const by = Math.abs(total - before)
  const key = total > before ? 'analysis.finding.more' : 'analysis.finding.less'
  return t(key, { ...words, by: count(by), share: share(by, before) })
}

function of(counts: Record<string, number>, measure: string): number {
  return counts[measure] ?? 0
}
