// A record of a visit, an inspection or a task that the house did not take, as its form needs it to begin anew.
import type { components } from '@/shared/api/schema'
import { DAY_MS } from '@/shared/time/days'

import type { FormOut } from '../field'
import { pack } from '../pack/pack'
import type { Content, Refusal } from '../queue/queue'
import type { EntryRow } from '../store/db'

type Given = components['schemas']['RecordIn']
export type RecordBody = Pick<Given, 'id' | 'form' | 'version' | 'happened_at' | 'answers'> &
  Partial<Pick<Given, 'subject_id' | 'errand_id' | 'grid' | 'address' | 'rectify'>> & {
    lon?: number
    lat?: number
    accuracy?: number
  }

export interface RefusedRecord {
  entry: EntryRow
  body: RecordBody
  /** What was found wrong, by field. */
  faults: Record<string, string>
  /** Photos that were sent with it, by field. */
  attached: Record<string, string[]>
}

const OF_AN_ANSWER = /^answers\./

/** Undefined of what is no such record: of the registry it is RefusedSheet's. */
export function recordOf(content: Content | undefined): RecordBody | undefined {
  const body = content?.body as (RecordBody & { registry?: unknown }) | null | undefined
  return content?.operation === 'record' && body && !body.registry ? body : undefined
}

/** As it stands on this phone now: what was filled in on an older version is asked anew on this one. */
export function formOf(body: RecordBody | undefined): FormOut | undefined {
  return body && pack.value?.forms.find(({ code }) => code === body.form)
}

export function refusedRecord(
  entry: EntryRow,
  body: RecordBody,
  form: FormOut,
  { fields }: Refusal,
): RefusedRecord {
  const asked = Object.keys(form.schema.properties)
  const answers = Object.fromEntries(
    asked.flatMap((name) => (name in body.answers ? [[name, body.answers[name]]] : [])),
  )
  const photos = asked.filter((name) => form.schema.properties[name]?.['x-photo'] && name in answers)
  return {
    entry,
    body: { ...body, answers },
    faults: Object.fromEntries(
      Object.entries(fields).flatMap(([name, fault]) => {
        const field = name.replace(OF_AN_ANSWER, '')
        return asked.includes(field) ? [[field, fault]] : []
      }),
    ),
    attached: Object.fromEntries(photos.map((name) => [name, answers[name] as string[]])),
  }
}

/** Days that a rectification was given, from the day of the visit. */
export function daysUntil(day: string, body: Pick<RecordBody, 'happened_at'> | undefined): number {
  const from = Date.parse(body?.happened_at ?? day)
  return Math.round((Date.parse(`${day}T12:00:00+08:00`) - from) / DAY_MS)
}
