// A form as its schema says it (ADR 19): which fields stand, in which order, what is missing. In words: shared/forms/asked.ts.
import { inOrder, isNothing, titleOf } from '@/shared/forms/asked'
import { language } from '@/shared/i18n/language'

import type { FieldSchema, FormOut, FormSchema } from '../field'

export type Answers = Record<string, unknown>

export interface Field {
  name: string
  schema: FieldSchema
  title: string
  hint: string
  required: boolean
}

export function formName(form: Pick<FormOut, 'name_zh' | 'name_en'>): string {
  return language.value === 'en' ? form.name_en || form.name_zh : form.name_zh
}

/** Fields that stand with these answers: those whose condition does not hold are neither asked nor sent. */
export function fieldsOf(schema: FormSchema, answers: Answers): Field[] {
  return inOrder(schema).flatMap(([name, field]) => {
    if (!holds(field['x-show-if'], answers)) return []
    const required = schema.required?.includes(name) ?? false
    return [{ name, schema: field, title: titleOf(field), hint: hintOf(field), required }]
  })
}

/** What is sent: of the fields that stand, and given. */
export function given(schema: FormSchema, answers: Answers): Answers {
  return Object.fromEntries(
    fieldsOf(schema, answers).flatMap(({ name }) => {
      const value = answers[name]
      return isNothing(value) ? [] : [[name, value]]
    }),
  )
}

/** Names of fields with what is wrong about them: `missing`, or the schema's keyword. Loads the validator when needed. */
export async function faultsOf(schema: FormSchema, answers: Answers): Promise<Record<string, string>> {
  const missing = fieldsOf(schema, answers).flatMap(({ name, required }): [string, string][] =>
    required && isNothing(answers[name]) ? [[name, 'missing']] : [],
  )
  const { Validator } = await import('@cfworker/json-schema')
  // Required is judged above: what is hidden is not required.
  const plain = { type: 'object', properties: schema.properties }
  const { errors } = new Validator(plain as object, '2020-12', false).validate(given(schema, answers))
  const wrong = errors.flatMap(({ instanceLocation, keyword }): [string, string][] => {
    const name = instanceLocation.split('/')[1]
    return name && keyword !== 'properties' ? [[name, keyword]] : []
  })
  return Object.fromEntries([...wrong, ...missing])
}

/** Items of an inspection that failed. */
export function failedItems(schema: FormSchema, answers: Answers): string[] {
  return fieldsOf(schema, answers).flatMap(({ name, schema: field }) =>
    field['x-item'] && answers[name] === 'fail' ? [name] : [],
  )
}

function hintOf(field: FieldSchema): string {
  return (language.value === 'en' && field['x-description-en']) || field.description || ''
}

function holds(condition: Record<string, unknown> | undefined, answers: Answers): boolean {
  return Object.entries(condition ?? {}).every(([name, wanted]) =>
    (Array.isArray(wanted) ? wanted : [wanted]).some((one) => {
      const value = answers[name]
      return Array.isArray(value) ? value.includes(one) : value === one
    }),
  )
}
