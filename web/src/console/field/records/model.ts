// A sheet as it was filled in: what was asked, by the version it was made with, and what was said.
import { useI18n } from 'vue-i18n'

import type { components } from '@/shared/api/schema'

export type FieldRecord = components['schemas']['RecordOut']

interface Choices {
  enum?: unknown[]
  'x-enum-titles'?: { zh: string; en: string }[]
}
export interface Asked extends Choices {
  title?: string
  'x-title-en'?: string
  'x-unit'?: string
  'x-item'?: boolean
  'x-photo'?: boolean
  'x-field'?: string
  items?: Choices
}
export interface Answer {
  name: string
  title: string
  text: string
  isSecret: boolean
  isFailed: boolean
}

/** What it is about: what was visited, or the address. */
export function aboutOf(record: FieldRecord): string {
  return record.subject_title || record.address
}

export function useNames() {
  const { locale } = useI18n()
  return {
    formName: (record: Pick<FieldRecord, 'form_name' | 'form_name_en'>) =>
      locale.value.startsWith('en') ? record.form_name_en : record.form_name,
  }
}

/** In the order of the sheet; photos are shown as such, and what was not asked is left out. */
export function answersOf(
  record: FieldRecord,
  schema: Record<string, unknown>,
  english: boolean,
  t: (key: string) => string,
): Answer[] {
  const properties = (schema['properties'] ?? {}) as Record<string, Asked>
  const order = Array.isArray(schema['x-order']) ? (schema['x-order'] as string[]) : Object.keys(properties)
  return order.flatMap((name) => {
    const asked = properties[name]
    const said = record.answers[name]
    if (!asked || asked['x-photo'] || said === undefined || said === '') return []
    return [
      {
        name,
        title: (english ? asked['x-title-en'] : undefined) ?? asked.title ?? name,
        text: wordsOf(asked, said, english, t),
        isSecret: record.secrets.includes(name),
        isFailed: record.failed.includes(name),
      },
    ]
  })
}

/** Fields that a sheet of the registry said something of: what it said stands there alone (ADR 19). */
export function saidOf(record: FieldRecord, schema: Record<string, unknown>, english: boolean): string {
  const properties = (schema['properties'] ?? {}) as Record<string, Asked>
  const titles = (record.registry?.fields ?? []).map((name) => {
    const asked = Object.values(properties).find((one) => one['x-field'] === name)
    return (english ? asked?.['x-title-en'] : undefined) ?? asked?.title ?? name
  })
  return titles.join(english ? ', ' : '、')
}

function wordsOf(asked: Asked, said: unknown, english: boolean, t: (key: string) => string): string {
  if (Array.isArray(said))
    return said.map((one) => nameOf(asked.items ?? {}, one, english)).join(english ? ', ' : '、')
  if (typeof said === 'boolean') return t(said ? 'field.records.yes' : 'field.records.no')
  if (asked['x-item']) return t(`field.records.item.${String(said)}`)
  return [nameOf(asked, said, english), asked['x-unit'] ?? ''].join(' ').trim()
}

function nameOf(choices: Choices, said: unknown, english: boolean): string {
  const titles = choices['x-enum-titles']?.[choices.enum?.indexOf(said) ?? -1]
  return titles ? titles[english ? 'en' : 'zh'] : String(said)
}
