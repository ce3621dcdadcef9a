import { shallowRef, type ShallowRef } from 'vue'

import { api, call } from '@/shared/api/client'
import type { components } from '@/shared/api/schema'
import { language } from '@/shared/i18n/language'

export type RecordFile = components['schemas']['FileOut']
export type Kind = RecordFile['kind']
export type Hit = components['schemas']['RegistryHitOut']
export type Dictionary = components['schemas']['DictionaryOut']
export type GridFile = components['schemas']['GridFileOut']
export type Field = components['schemas']['RegistryFieldOut']
export type History = components['schemas']['HistoryOut']
export type CareLine = components['schemas']['CareLineOut']
export type Purpose = components['schemas']['RevealPurpose']

export type Difference = components['schemas']['DifferenceOut']
export type CleaningLine = components['schemas']['CleaningLineOut']

export const KINDS: readonly Kind[] = [
  'person',
  'dwelling',
  'building',
  'household',
  'organisation',
  'place',
  'facility',
]

export type Problem = components['schemas']['Problem']

export const PROBLEMS: readonly Problem[] = [
  'no_home',
  'no_number',
  'faulty_number',
  'no_phone',
  'stale',
  'unchecked',
]

/** Pages of how good the records are. */
export const PAGES = [
  '/registry/quality',
  '/registry/cleaning',
  '/registry/differences',
  '/registry/duplicates',
  '/registry/approvals',
] as const

export const PURPOSES: readonly Purpose[] = [
  'service',
  'verify',
  'case',
  'emergency',
  'entitlement',
  'correction',
]

const dictionary = shallowRef<Dictionary>()

/** The data dictionary, asked for once. */
export function useDictionary(): ShallowRef<Dictionary | undefined> {
  if (!dictionary.value)
    void call(api.GET('/api/registry/dictionary')).then(
      (found) => (dictionary.value = found),
      () => undefined, // the page shows codes instead of names, and asks again when it is opened again
    )
  return dictionary
}

export function labelOf(field: Pick<Field, 'zh' | 'en'>): string {
  return language.value === 'en' ? field.en : field.zh
}

/** Of a code list, by code. */
export function namesOf(list: string, known: Dictionary | undefined): Record<string, string> {
  const found = known?.code_lists[list]
  return (language.value === 'en' ? found?.english : found?.names) ?? {}
}

/** A value in words: a code by its name, a flag as a mark. */
export function shown(field: Field, value: unknown, known: Dictionary | undefined): string {
  if (value === null || value === undefined || value === '') return ''
  if (typeof value === 'boolean') return value ? '✓' : '✗'
  const text = String(value)
  return field.codes ? (namesOf(field.codes, known)[text] ?? text) : text
}

/** The same of a field by its name: of a line of history, of what two sources say. */
export function shownOf(kind: string, name: string, value: unknown, known: Dictionary | undefined): string {
  const field = known?.kinds[kind]?.find((one) => one.name === name)
  if (field) return shown(field, value, known)
  return typeof value === 'string' ? value : ''
}

/** The file of the grid, or of the community where no grid is known; '' for what nobody has placed. */
export function gridPageOf(code: string): string {
  return code.length >= 12 ? `/registry/grid/${code}` : ''
}

export function pageOf(kind: string, id: string): string {
  return `/registry/${kind}/${id}`
}
