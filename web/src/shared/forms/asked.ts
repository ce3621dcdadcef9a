// What a sheet asks and what was said, in words: the one reading of a form's schema (ADR 19) for phones and desks.
import { language } from '../i18n/language'

interface Choices {
  enum?: readonly unknown[]
  'x-enum-titles'?: readonly { zh: string; en: string }[]
}

/** A property of a form's schema, as far as words are made of it. */
export interface Asked extends Choices {
  type?: string
  title?: string
  'x-title-en'?: string
  'x-unit'?: string
  'x-item'?: boolean
  items?: Choices
}

export interface Choice {
  value: unknown
  title: string
}

type Translate = (key: string) => string

const ITEM = ['pass', 'fail', 'na']

/** By the name of the field where it has no title of its own. */
export function titleOf(asked: Asked | undefined, name = ''): string {
  return (isEnglish() && asked?.['x-title-en']) || asked?.title || name
}

/** Fields in the order of the sheet, each with its name. */
export function inOrder<T>(schema: {
  properties?: Record<string, T>
  'x-order'?: readonly string[]
}): [string, T][] {
  const { properties = {}, 'x-order': order = Object.keys(properties) } = schema
  return order.flatMap((name): [string, T][] => {
    const asked = properties[name]
    return asked === undefined ? [] : [[name, asked]]
  })
}

/** What may be chosen; none where something is written. */
export function choicesOf(asked: Asked, t: Translate): Choice[] {
  if (asked['x-item']) return ITEM.map((value) => ({ value, title: t(`sheet.item.${value}`) }))
  if (asked.type === 'boolean')
    return [
      { value: true, title: t('sheet.yes') },
      { value: false, title: t('sheet.no') },
    ]
  const { enum: values = [], 'x-enum-titles': titles = [] } = asked.enum ? asked : (asked.items ?? {})
  return values.map((value, i) => ({
    value,
    title: titles[i]?.[isEnglish() ? 'en' : 'zh'] ?? titles[i]?.zh ?? String(value),
  }))
}

export function inWords(asked: Asked, said: unknown, t: Translate): string {
  if (isNothing(said)) return '—'
  if (Array.isArray(said)) return said.map((one) => inWords(asked, one, t)).join(t('sheet.joined'))
  if (typeof said === 'boolean') return t(said ? 'sheet.yes' : 'sheet.no')
  const title = choicesOf(asked, t).find(({ value }) => value === said)?.title
  return [title ?? String(said as string | number), asked['x-unit'] ?? ''].join(' ').trim()
}

export function isNothing(said: unknown): boolean {
  return said === undefined || said === null || said === '' || (Array.isArray(said) && said.length === 0)
}

function isEnglish(): boolean {
  return language.value === 'en'
}
