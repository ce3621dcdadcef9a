import type { Translate } from '@/shared/i18n/translate'

/** From a day on, or from day to day; the end is the first day it no longer holds. */
export function periodText(from: string, to: string | null | undefined, t: Translate): string {
  return to ? `${from} – ${to}` : t('ui.since', { from })
}
