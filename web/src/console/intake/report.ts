// From the intake form to what is sent. Pure.
import type { components } from '@/shared/api/schema'

import type { Source, Urgency } from '../cases/model'

export interface IntakeValues {
  source: Source
  name: string
  phone: string
  isAnonymous: boolean
  isConfidential: boolean
  wantsCall: boolean
  title: string
  description: string
  categoryId: number | undefined
  /** Empty: as the category says. */
  urgency: Urgency | ''
  address: string
  place: { lon: number; lat: number } | undefined
  /** Grid chosen by hand, where no point is known or the point lies in no grid. */
  code: string
  happenedAt: string
  complainedId: number | undefined
  evidence: string[]
}

type ReportIn = components['schemas']['ReportIn']
type ConsultationIn = components['schemas']['ConsultationIn']

export const EMPTY: Omit<IntakeValues, 'source'> = {
  name: '',
  phone: '',
  isAnonymous: false,
  isConfidential: false,
  wantsCall: true,
  title: '',
  description: '',
  categoryId: undefined,
  urgency: '',
  address: '',
  place: undefined,
  code: '',
  happenedAt: '',
  complainedId: undefined,
  evidence: [],
}

/** The point that an address names, `?lon=…&lat=…` in WGS-84 degrees; none where it names no place on earth. */
export function placeIn(query: Record<string, unknown>): IntakeValues['place'] {
  const [lon, lat] = [query['lon'], query['lat']].map((text) =>
    typeof text === 'string' && text ? Number(text) : NaN,
  )
  if (lon === undefined || lat === undefined || !(Math.abs(lon) <= 180 && Math.abs(lat) <= 90))
    return undefined
  return { lon, lat }
}

const LONGEST_QUESTION = 2000

/** Sources a centre hears by itself, in the order of how often. */
export const HEARD: readonly Source[] = ['telephone', 'walk_in', 'leader', 'superior', 'video']

export function reportOf(values: IntakeValues, { accept }: { accept: boolean }): ReportIn {
  const { place } = values
  const said = hasReporter(values)
  return {
    source: values.source,
    title: values.title.trim(),
    description: values.description.trim(),
    address: values.address.trim(),
    evidence: values.evidence,
    accept,
    ...(values.categoryId === undefined ? {} : { category_id: values.categoryId }),
    ...(values.urgency ? { urgency: values.urgency } : {}),
    ...(place ? { lon: place.lon, lat: place.lat } : {}),
    ...(values.code ? { code: values.code } : {}),
    ...(values.happenedAt ? { happened_at: values.happenedAt } : {}),
    ...(values.complainedId === undefined ? {} : { complained_id: values.complainedId }),
    ...(said
      ? {
          reporter: {
            name: values.name.trim(),
            phone: values.phone.trim(),
            is_anonymous: values.isAnonymous,
            is_confidential: values.isConfidential,
            wants_call: values.wantsCall,
          },
        }
      : {}),
  }
}

/** Something was typed that would be missed: a draft is worth keeping. */
export function isBegun(values: IntakeValues): boolean {
  const { title, description, address, phone, name, evidence } = values
  return (
    [title, description, address, phone, name].some((text) => text.trim().length > 1) || evidence.length > 0
  )
}

/** Answered, and no case: what was asked, what was told, and who asked if they said so. */
export function consultationOf(
  values: IntakeValues,
  { answerId, words }: { answerId: number | undefined; words: string },
): ConsultationIn {
  const { title, description, source, categoryId, code, isAnonymous } = values
  return {
    source,
    question: [title.trim(), description.trim()].filter(Boolean).join('：').slice(0, LONGEST_QUESTION),
    told: words,
    code,
    name: isAnonymous ? '' : values.name.trim(),
    phone: values.phone.trim(),
    ...(answerId === undefined ? {} : { answer_id: answerId }),
    ...(categoryId === undefined ? {} : { category_id: categoryId }),
  }
}

/** Somebody stands behind it: a code to follow it by is then given. */
function hasReporter({ source, name, phone, isAnonymous }: IntakeValues): boolean {
  return source === 'telephone' || source === 'walk_in' || Boolean(name.trim() || phone.trim()) || isAnonymous
}
