// What the form of a move begins with: nothing, but what the case already says where it is corrected.
import type { CaseDetail, Urgency } from '../model'
import type { MoveValues } from './moves'

/** The one that is neither refused nor ended; there is one at a time. */
export function openWhistle({ whistles }: CaseDetail): CaseDetail['whistles'][number] | undefined {
  return whistles.find(({ refused_at, ended_at }) => !refused_at && !ended_at)
}

export function startValues(one: CaseDetail): MoveValues {
  const place = one.lon == null || one.lat == null ? undefined : { lon: one.lon, lat: one.lat }
  return {
    reason: '',
    text: '',
    unit: undefined,
    assist: [],
    units: [],
    limit: { kind: 'work_hours', amount: undefined },
    outcome: '',
    evidence: [],
    score: 0,
    scores: {},
    comments: {},
    toRate: (openWhistle(one)?.musters ?? [])
      .filter(({ arrived_at }) => arrived_at)
      .map(({ unit_id }) => unit_id),
    solved: undefined,
    ladder: '',
    procedure: one.procedure.find(({ signed_at }) => !signed_at)?.number,
    case: '',
    place: undefined,
    arrived: undefined,
    correction: {
      title: one.title,
      category_id: one.category?.id,
      urgency: one.urgency as Urgency,
      address: one.address,
      place,
    },
    centreOnly: false,
  }
}
