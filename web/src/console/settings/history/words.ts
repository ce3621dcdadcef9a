// What a kept value is called. What is newer than these words is shown as it is kept.
import type { Translate } from '@/shared/i18n/translate'

type Known = (key: string) => boolean
type Plain = Record<string, unknown>

export function partWord(kind: string, part: string, t: Translate, te: Known): string {
  if (kind === 'calendar' && part.includes('/')) {
    const [day = '', origin = ''] = part.split('/')
    return origin === 'override' ? day : t('settings.change.stateDay', { day })
  }
  const key = `settings.part.${part}`
  return te(key) ? t(key) : part
}

/** What is kept by number or code, by the name the server gave for it. */
export function withNames(part: string, value: unknown, names: Record<string, string>): unknown {
  if (Array.isArray(value)) return value.map((one) => withNames(part, one, names))
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withNames(key, one, names)]))
  }
  return names[`${part}:${String(value)}`] ?? value
}

/** One line for each thing in the value. */
export function valueLines(value: unknown, t: Translate, te: Known): string[] {
  if (value === null || value === undefined || value === '') return ['—']
  if (typeof value === 'boolean') return [t(value ? 'cases.yes' : 'cases.no')]
  if (Array.isArray(value)) return value.length ? value.flatMap((one) => valueLines(one, t, te)) : ['—']
  if (typeof value === 'object') return objectLines(value as Plain, t, te)
  return [word(String(value as string | number), t, te)]
}

function objectLines(value: Plain, t: Translate, te: Known): string[] {
  if (isLimit(value)) return [limitText(value, t, te)]
  if ('is_workday' in value) {
    const what = t(value['is_workday'] ? 'settings.day.work' : 'settings.day.rest')
    return [[what, value['name']].filter(Boolean).join(' · ')]
  }
  if ('step' in value) return [ladderText(value, t, te)]
  const entries = Object.entries(value)
  if (entries.length > 0 && entries.every(([, one]) => isLimit(one))) {
    return entries.map(([stage, one]) => `${word(stage, t, te)} ${limitText(one as Plain, t, te)}`)
  }
  const said = entries.filter(([, one]) => one !== '' && one !== null && JSON.stringify(one) !== '{}')
  return [said.map(([, one]) => valueLines(one, t, te).join(t('cases.and'))).join(' · ') || '—']
}

function ladderText(value: Plain, t: Translate, te: Known): string {
  const when =
    typeof value['fraction'] === 'number'
      ? t('settings.ladder.used', { share: Math.round(value['fraction'] * 100) })
      : t('settings.ladder.after', { limit: valueLines(value['overdue_by'], t, te).join('') })
  return `${t(`cases.ladder.${String(value['step'])}`)}：${when}`
}

function isLimit(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'kind' in value && 'amount' in value
}

function limitText(value: Plain, t: Translate, te: Known): string {
  const key = `cases.limit.${String(value['kind'])}`
  return `${String(Number(value['amount']))} ${te(key) ? t(key) : String(value['kind'])}`
}

function word(value: string, t: Translate, te: Known): string {
  const keys = [
    `cases.stage.${value}`,
    `cases.urgency.${value}`,
    `cases.photo.${value}`,
    `settings.level.${value}`,
    `accounts.permission.${value}`,
  ]
  const found = keys.find((key) => te(key))
  return found ? t(found) : value
}
