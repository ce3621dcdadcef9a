import type { components } from '@/shared/api/schema'

export type Member = components['schemas']['MemberOut']
export type MemberKind = components['schemas']['MemberIn']['kind']
export type Vacancy = components['schemas']['VacancyOut']

export const KINDS: readonly MemberKind[] = ['chief', 'full_time', 'part_time', 'professional', 'volunteer']
export const PAGES = ['/teams', '/teams/vacancies']
export const PAGE_SIZE = 50
