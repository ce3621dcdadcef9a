import type { components } from '@/shared/api/schema'
import type { Translate } from '@/shared/i18n/translate'

/** With the name of its grid where many grids are listed together. */
export type Member = components['schemas']['MemberOut'] & { grid_name?: string }
export type MemberKind = components['schemas']['MemberIn']['kind']
export type Vacancy = components['schemas']['VacancyOut']

export const KINDS: readonly MemberKind[] = ['chief', 'full_time', 'part_time', 'professional', 'volunteer']
export const PAGES = ['/teams', '/teams/vacancies']
export const PAGE_SIZE = 50

/** A known code by its name; anything else as it was written. */
export function professionWord(profession: string, t: Translate, te: (key: string) => boolean): string {
  const key = `teams.professionName.${profession}`
  return profession && te(key) ? t(key) : profession
}
