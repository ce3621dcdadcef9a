// Records of the registry as sheets (ADR 19): which sheet is of which kind, how it opens filled, and what of it is sent.
// No kind is named here: what there is to collect comes with the forms of the pack.
import type { components } from '@/shared/api/schema'
import { isNothing } from '@/shared/forms/asked'
import { now } from '@/shared/time/clock'

import type { AboutRegistry, FieldSchema, FormOut, FormSchema } from '../field'
import { fieldsOf, formName, type Answers } from '../forms/model'
import { pack } from '../pack/pack'
import type { Content, NewEntry } from '../queue/queue'
import { newId } from '../store/ids'

export type RecordFile = components['schemas']['FileOut']
export type Hit = components['schemas']['RegistryHitOut']
export type SheetBody = Pick<
  components['schemas']['RecordIn'],
  'id' | 'form' | 'version' | 'happened_at' | 'answers' | 'lon' | 'lat' | 'accuracy' | 'grid' | 'errand_id'
> & { registry: AboutRecord }

/** `version`: of the record as it was open here; null for a new one. */
export interface AboutRecord {
  id: string
  version: number | null
  building_id?: string
  dwelling_id?: string
  moved_in?: boolean
  confirmed?: string[]
  /** Why something secret is taken away. */
  why?: string
}

export interface Point {
  lon: number | null
  lat: number | null
}

export interface Said {
  form: FormOut
  /** About what, for the queue. */
  label: string
  about: AboutRecord
  answers: Answers
  /** What it is about there: sheets of one go in their order. */
  subject: string
  place?: Partial<Pick<SheetBody, 'lon' | 'lat' | 'accuracy' | 'grid'>>
  errand?: string | undefined
  /** Entries of the queue that make what it stands in. */
  after?: string[]
}

export function aboutOf(form: Pick<FormOut, 'schema'>): AboutRegistry | undefined {
  return form.schema['x-registry']
}

function sheets(): FormOut[] {
  return (pack.value?.forms ?? []).filter((form) => aboutOf(form))
}

export function sheetOf(kind: string): FormOut | undefined {
  return sheets().find((form) => aboutOf(form)?.kind === kind)
}

/** What it is a sheet of, in a word where there is one. */
export function nameOf(form: FormOut, t: (key: string) => string, te: (key: string) => boolean): string {
  const key = `registry.kind.${aboutOf(form)?.kind ?? ''}`
  return te(key) ? t(key) : formName(form)
}

/** Of what may be added in a record of this kind. */
export function sheetsIn(kind: string): FormOut[] {
  return sheets().filter((form) => aboutOf(form)?.within?.includes(kind))
}

/** Of what is found where one stands. */
export function sheetsAtPoint(): FormOut[] {
  return sheets().filter((form) => aboutOf(form)?.at_point)
}

export function subjectOf(recordId: string): string {
  return `registry:${recordId}`
}

/** A sheet about the registry, of whatever waits in the queue. */
export function bodyOf(content: Content | undefined): SheetBody | undefined {
  const body = content?.body as Partial<SheetBody> | null | undefined
  return content?.operation === 'record' && body?.registry ? (body as SheetBody) : undefined
}

export function entryOf({ form, label, about, answers, subject, place, errand, after = [] }: Said): NewEntry {
  const body: SheetBody = {
    id: newId(),
    form: form.code,
    version: form.version,
    happened_at: new Date(now()).toISOString(),
    answers,
    registry: about,
    ...place,
    ...(errand ? { errand_id: errand } : {}),
  }
  return {
    operation: 'record',
    label,
    method: 'POST',
    path: '/api/field/records',
    subject: subjectOf(subject),
    after,
    body,
  }
}

/** It asks how a person stands to it: somebody lives in what it is added to. */
export function asksForTie({ schema }: Pick<FormOut, 'schema'>): boolean {
  return Object.values(schema.properties).some((field) => field['x-tie'])
}

/** What stands, as the sheet's answers; what is secret is not here to be filled in. */
export function filled(schema: FormSchema, values: Record<string, unknown>): Answers {
  return fromFields(schema, values, (field) => !field['x-secret'])
}

/** What may be seen of what is secret. */
export function masks(schema: FormSchema, values: Record<string, unknown>): Record<string, string> {
  return fromFields(schema, values, (field) => Boolean(field['x-secret'])) as Record<string, string>
}

/** The sheet for what stands: no tie is asked for anew, and what was empty may stay so. */
export function forCorrection(schema: FormSchema, before: Answers): FormSchema {
  const stays = ([, field]: [string, FieldSchema]) => !field['x-tie']
  return {
    ...schema,
    properties: Object.fromEntries(Object.entries(schema.properties).filter(stays)),
    required: (schema.required ?? []).filter((name) => name in before),
  }
}

/**
 * Only what was changed, and null for what was taken away: an untouched secret is not overwritten by its mask, and goes
 * only when that was said (null).
 */
export function changes(schema: FormSchema, before: Answers, after: Answers): Answers {
  return Object.fromEntries(
    fieldsOf(schema, after).flatMap(({ name, schema: field }): [string, unknown][] => {
      const value = after[name]
      const empty = isNothing(value)
      if (field['x-secret'] && value === null) return [[name, null]]
      if (field['x-secret'] || !field['x-field']) return empty ? [] : [[name, value]]
      if (empty) return name in before ? [[name, null]] : []
      return value === before[name] ? [] : [[name, value]]
    }),
  )
}

/** Secrets that are taken away on purpose. */
export function cleared(schema: FormSchema, said: Answers): string[] {
  return Object.keys(said).filter((name) => said[name] === null && schema.properties[name]?.['x-secret'])
}

/** Another point than it stands at: the map gives it back unchanged where nobody moved it. */
export function isMoved(before: Point, { lon, lat }: Point): boolean {
  return lon !== null && lat !== null && (before.lon !== lon || before.lat !== lat)
}

/** Fields that were seen as they are, for "as it stands". */
export function seen(schema: FormSchema, before: Answers): string[] {
  return fieldsOf(schema, before).flatMap(({ name }) => (name in before ? [name] : []))
}

function fromFields(
  schema: FormSchema,
  values: Record<string, unknown>,
  wanted: (field: FieldSchema) => boolean,
): Answers {
  return Object.fromEntries(
    Object.entries(schema.properties).flatMap(([name, field]): [string, unknown][] => {
      const value = field['x-field'] === undefined ? undefined : values[field['x-field']]
      return !wanted(field) || isNothing(value) ? [] : [[name, value]]
    }),
  )
}
