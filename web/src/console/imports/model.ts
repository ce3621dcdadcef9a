// An import from file to applied, as these pages know it.
import { api, call } from '@/shared/api/client'
import type { components } from '@/shared/api/schema'
import { language } from '@/shared/i18n'

type Schemas = components['schemas']

export type Batch = Schemas['BatchOut']
export type Kind = Schemas['KindOut']
export type Field = Schemas['FieldOut']
export type Fault = Schemas['FaultOut']
export type Sample = Schemas['SampleOut']
export type SavedMapping = Schemas['MappingOut']

/** Where one field comes from. What these pages do not edit (value tables, date formats) is kept as it came. */
export interface Rule extends Record<string, unknown> {
  field: string
  columns: string[]
  constant: string
}

/** How a file is read: common to all kinds, then the kind's own options. */
export interface Reading {
  encoding: string
  delimiter: string
  part: string
  crs: Crs
  valid_from: string | null
  own: Record<string, string>
}
export const CRS = ['', 'wgs84', 'cgcs2000', 'gcj02', 'bd09'] as const
export type Crs = (typeof CRS)[number]

export const PAGE_SIZE = 50
const WORKING = ['received', 'checking', 'staging', 'applying']

export const isWorking = (batch: Batch) => WORKING.includes(batch.state)

export function emptyReading(): Reading {
  return { encoding: '', delimiter: '', part: '', crs: '', valid_from: null, own: {} }
}

export function readingOf({ options }: Batch): Reading {
  const { encoding, delimiter, part, crs, valid_from, ...own } = options as Record<string, string | undefined>
  return {
    encoding: encoding ?? '',
    delimiter: delimiter ?? '',
    part: part ?? '',
    crs: CRS.find((known) => known === crs) ?? '',
    valid_from: valid_from ?? null,
    own: Object.fromEntries(Object.entries(own).map(([name, value]) => [name, value ?? ''])),
  }
}

export function rulesOf(mapping: Record<string, unknown>[]): Rule[] {
  return mapping.map((rule) => ({
    ...rule,
    field: typeof rule['field'] === 'string' ? rule['field'] : '',
    columns: Array.isArray(rule['columns']) ? rule['columns'].map(String) : [],
    constant: typeof rule['constant'] === 'string' ? rule['constant'] : '',
  }))
}

/** Rules without a source are left out: the server would name them as faults of the mapping. */
export function mappingText(rules: readonly Rule[]): string {
  const named = rules.filter((rule) => rule.columns.length > 0 || rule.constant || rule['default'])
  return named.length ? JSON.stringify(named) : ''
}

export function labelOf(field: Field): string {
  return language.value === 'en' ? field.en : field.zh
}

export function helpOf(field: Field): string {
  return language.value === 'en' ? field.help_en : field.help_zh
}

export function loadKinds(): Promise<Kind[]> {
  return call(api.GET('/api/imports/kinds'))
}

export function loadBatch(id: string): Promise<Batch> {
  return call(api.GET('/api/imports/{batch_id}', { params: { path: { batch_id: id } } }))
}

/** The file goes as it is; a field left empty is not sent. */
export function sendFile(
  file: File,
  kind: string,
  reading: Reading,
  sending: { mapping: string; again: boolean; key: string },
): Promise<Batch> {
  return call(
    api.POST('/api/imports', {
      body: { kind, file: '' } as never,
      bodySerializer: () => {
        const form = new FormData()
        form.append('file', file, file.name)
        const texts = { kind, mapping: sending.mapping, ...plain(reading) }
        Object.entries(texts).forEach(([name, value]) => {
          if (value) form.append(name, value)
        })
        if (sending.again) form.append('again', 'true')
        return form
      },
      headers: { 'Idempotency-Key': sending.key },
    }),
  )
}

export function checkAgain(id: string, rules: readonly Rule[], reading: Reading): Promise<Batch> {
  const { valid_from, crs, ...texts } = plain(reading)
  return call(
    api.POST('/api/imports/{batch_id}/check', {
      params: { path: { batch_id: id } },
      body: { mapping: mappingText(rules), ...texts, crs: crs as Crs, ...(valid_from ? { valid_from } : {}) },
    }),
  )
}

function plain({ encoding, delimiter, part, crs, valid_from, own }: Reading) {
  const given = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== ''))
  const options = Object.keys(given).length ? JSON.stringify(given) : ''
  return { encoding, delimiter, part, crs, valid_from: valid_from ?? '', options }
}
