// Standard answers and consultations, as the server has them.
import type { components } from '@/shared/api/schema'
import { dayAfter } from '@/shared/time/days'

type Schemas = components['schemas']

export type Answer = Schemas['AnswerOut']
export type AnswerCard = Schemas['AnswerCardOut']
export type AnswerVersion = Schemas['AnswerVersionOut']
export type AnswerIn = Schemas['AnswerIn']
export type Consultation = Schemas['ConsultationOut']

export const PAGES = ['/answers', '/answers/consultations']
export const PAGE_SIZE = 50

export interface AnswerValues {
  code: string
  title_zh: string
  text_zh: string
  title_en: string
  text_en: string
  keywords: string[]
  category_id: number | undefined
  valid_from: string
  /** The last day on which it holds, as people say it; empty: still. */
  last_day: string
}

export function valuesOf(card: Answer | AnswerVersion): AnswerValues {
  return {
    code: card.code,
    title_zh: card.title_zh,
    text_zh: card.text_zh,
    title_en: card.title_en,
    text_en: card.text_en,
    keywords: [...card.keywords],
    category_id: card.category_id ?? undefined,
    valid_from: card.valid_from,
    last_day: card.valid_to ? dayAfter(card.valid_to, -1) : '',
  }
}

export function bodyOf(values: AnswerValues): AnswerIn {
  const { last_day: last, category_id: category, ...rest } = values
  return {
    ...rest,
    category_id: category ?? null,
    valid_to: last ? dayAfter(last) : null,
  }
}

/** Words as people list them: by commas, stops or spaces. One character alone finds everything, so it is none. */
export function keywordsIn(text: string): string[] {
  const words = text.split(/[,，、;；\n]+|(?<=[㐀-鿿])\s+(?=[㐀-鿿])/).map((word) => word.trim())
  return [...new Set(words.filter((word) => [...word].length > 1))]
}

/** Which fields of a version differ from the one before it. */
export function changedFields(version: AnswerVersion, before: AnswerVersion | undefined): string[] {
  if (!before) return []
  const one = valuesOf(version)
  const other = valuesOf(before)
  return Object.keys(one).filter(
    (name) =>
      JSON.stringify(one[name as keyof AnswerValues]) !== JSON.stringify(other[name as keyof AnswerValues]),
  )
}
