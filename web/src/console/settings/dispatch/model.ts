// The dispatch rules as a draft: edited here, looked over and tried by the server, then put in force together.
import { api, call } from '@/shared/api/client'
import type { components } from '@/shared/api/schema'

import type { Category } from '../../cases/model'
import { loadChanges } from '../history/model'

type Schemas = components['schemas']

export type Rule = Schemas['RuleOut']
export type Lint = Schemas['LintOut']
export type LintRow = Lint['categories'][number]
export type Explained = Schemas['ExplainedOut']
export type Trial = Schemas['TrialOut']
export type RuleIn = Schemas['DraftRuleIn']

/** A rule of the draft; `key` stays while it is edited, also before the server has given it a number. */
export interface Drafted {
  key: number
  id: number | null
  order: number
  scheme_id: number | null
  category_path: string
  category: string
  code: string
  /** Its name; empty where the code was typed here. */
  place: string
  unit_id: number | null
  unit: string
  note: string
  valid_from: string
  valid_to: string | null
}

export async function loadRules(): Promise<{ rules: Drafted[]; base: number | null }> {
  const [rules, newest] = await Promise.all([
    call(api.GET('/api/dispatch-rules')),
    loadChanges({ kind: 'dispatch_rule', limit: 1 }),
  ])
  return { rules: rules.map(draftOf), base: newest.items[0]?.id ?? null }
}

/** In the order they stand on the page. A rule keeps its number where it can: others' moves are no change of it. */
export function sent(rules: readonly Drafted[]): RuleIn[] {
  let [order, last] = [0, 0]
  return rules.map(({ id, scheme_id, category_path, code, unit_id, note, valid_from, valid_to, ...rule }) => {
    const place = id ?? Number.POSITIVE_INFINITY
    const keeps = rule.order > order || (rule.order === order && place > last)
    order = keeps ? rule.order : place > last ? order : order + 1
    last = place
    return { id, scheme_id, category_path, code, unit_id: unit_id ?? 0, note, valid_from, valid_to, order }
  })
}

export function replaceRules(rules: readonly Drafted[], base: number | null): Promise<Rule[]> {
  return call(api.PUT('/api/dispatch-rules', { body: { rules: sent(rules), base } }))
}

/** The draft, made on `before`, on what holds now: what one changed stays, what others changed comes in. */
export function rebased(
  draft: readonly Drafted[],
  before: readonly Drafted[],
  now: readonly Drafted[],
): Drafted[] {
  const [was, is] = [byId(before), byId(now)]
  const kept = draft.flatMap((rule): Drafted[] => {
    if (rule.id === null) return [rule]
    const isMine = !isSame(rule, was.get(rule.id))
    const theirs = is.get(rule.id)
    if (!theirs) return isMine ? [{ ...rule, id: null }] : [] // taken away by others; what was changed here is a new one
    return [isMine ? rule : { ...theirs, key: rule.key }]
  })
  return [...kept, ...now.filter(({ id }) => id !== null && !was.has(id))]
}

function byId(rules: readonly Drafted[]): Map<number | null, Drafted> {
  return new Map(rules.map((rule) => [rule.id, rule]))
}

function isSame(one: Drafted, other: Drafted | undefined): boolean {
  return other !== undefined && JSON.stringify({ ...one, key: 0 }) === JSON.stringify({ ...other, key: 0 })
}

export function lintRules(rules: readonly Drafted[]): Promise<Lint> {
  return call(api.POST('/api/dispatch-rules/lint', { body: { rules: sent(rules) } }))
}

export function explain(rules: readonly Drafted[], categoryId: number, code: string): Promise<Explained> {
  return call(
    api.POST('/api/dispatch-rules/explain', { body: { rules: sent(rules), category_id: categoryId, code } }),
  )
}

/** `day`: the draft as it holds then. */
export function tryRules(
  rules: readonly Drafted[],
  { since, until, day }: { since: string; until: string; day: string },
): Promise<Trial> {
  return call(api.POST('/api/dispatch-rules/trials', { body: { rules: sent(rules), since, until, day } }))
}

export function loadTrial(id: string): Promise<Trial> {
  return call(api.GET('/api/dispatch-rules/trials/{trial_id}', { params: { path: { trial_id: id } } }))
}

/** The day from which all that was changed on `before` holds: what begins next week is tried as it will stand then. */
export function wholeFrom(rules: readonly Drafted[], before: readonly Drafted[], today: string): string {
  const was = byId(before)
  const changed = rules.filter((rule) => rule.id === null || !isSame(rule, was.get(rule.id)))
  return changed.reduce((day, { valid_from }) => (valid_from > day ? valid_from : day), today)
}

/** What a rule made without a scheme may mean, where its path is one thing here and another there; else nothing. */
export function readingsOf(rule: Drafted, categories: readonly Category[]): Category[] {
  if (rule.scheme_id !== null || rule.category_path === '') return []
  const found = categories.filter(({ path }) => path === rule.category_path)
  return new Set(found.map(({ full_name }) => full_name)).size > 1 ? found : []
}

/** The rule as it is meant. */
export function settled(rule: Drafted, { scheme_id, full_name }: Category): Drafted {
  return { ...rule, scheme_id, category: full_name }
}

/** The server's number of a rule of the draft: new ones are negative, in the order sent. */
export function numberOf(rule: Drafted, at: number): number {
  return rule.id ?? -1 - at
}

let keys = 0

export function draftOf(rule: Rule): Drafted {
  return {
    key: (keys += 1),
    id: rule.id,
    order: rule.order ?? 0,
    scheme_id: rule.scheme_id ?? null,
    category_path: rule.category_path ?? '',
    category: rule.category,
    code: rule.code ?? '',
    place: rule.place,
    unit_id: rule.unit_id,
    unit: rule.unit,
    note: rule.note ?? '',
    valid_from: rule.valid_from,
    valid_to: rule.valid_to ?? null,
  }
}

export function emptyRule(today: string): Drafted {
  return {
    key: (keys += 1),
    id: null,
    order: 0,
    scheme_id: null,
    category_path: '',
    category: '',
    code: '',
    place: '',
    unit_id: null,
    unit: '',
    note: '',
    valid_from: today,
    valid_to: null,
  }
}
