// Impact assessments as their pages know them.
import type { components } from '@/shared/api/schema'

type Schemas = components['schemas']

export type Assessed = Schemas['ProcessingOut']
export type Assessment = Schemas['AssessmentOut']
export type Processing = Schemas['AssessmentIn']['processing']

export const PROSE = ['purpose', 'basis', 'necessity', 'risks', 'measures', 'conclusion'] as const
export const TONES = { valid: 'green', soon: 'amber', expired: 'red', missing: 'red' } as const

/** Carried out without a valid assessment. */
export const isLacking = ({ in_use, standing }: Assessed) =>
  in_use && (standing === 'missing' || standing === 'expired')
