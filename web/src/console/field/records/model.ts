// A sheet as it was filled in: what was asked, by the version it was made with, and what was said.
import { useI18n } from 'vue-i18n'

import type { components } from '@/shared/api/schema'
import { inOrder, inWords, isNothing, titleOf, type Asked } from '@/shared/forms/asked'

export type FieldRecord = components['schemas']['RecordOut']

export interface Sheet {
  properties?: Record<string, Asked & { 'x-photo'?: boolean; 'x-field'?: string }>
  'x-order'?: string[]
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
  t: (key: string) => string,
): Answer[] {
  return inOrder(schema as Sheet).flatMap(([name, asked]) => {
    const said = record.answers[name]
    if (asked['x-photo'] || isNothing(said)) return []
    return [
      {
        name,
        title: titleOf(asked, name),
        text: inWords(asked, said, t),
        isSecret: record.secrets.includes(name),
        isFailed: record.failed.includes(name),
      },
    ]
  })
}

/** Fields that a sheet of the registry said something of: what it said stands there alone (ADR 19). */
export function saidOf(
  record: FieldRecord,
  schema: Record<string, unknown>,
  t: (key: string) => string,
): string {
  const asked = Object.values((schema as Sheet).properties ?? {})
  const titles = (record.registry?.fields ?? []).map((name) =>
    titleOf(
      asked.find((one) => one['x-field'] === name),
      name,
    ),
  )
  return titles.join(t('sheet.joined'))
}
