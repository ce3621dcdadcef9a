// A case as the server answers it, for specs.
import type { CaseDetail, CaseRow, EvidencePiece } from './model'

export function aRow(id: string, more: Partial<CaseRow> = {}): CaseRow {
  return {
    id,
    number: `WG${id}`,
    title: `案件${id}`,
    state: 'reported',
    outcome: '',
    urgency: 'normal',
    category: { id: 1, path: '01/', name: '路灯不亮', full_name: '市政设施 / 路灯不亮' },
    address: '中华路 12 号',
    grid: { code: '320199001001007', name: '第7网格' },
    holder: { id: 1, name: '听雨街道分中心' },
    lead: null,
    source: 'telephone',
    reported_at: '2026-11-20T01:00:00Z',
    closed_at: null,
    due_at: null,
    amber_at: null,
    due_stage: '',
    is_overdue: false,
    is_returned: false,
    supervision: 0,
    returns: 0,
    reworks: 0,
    satisfaction: null,
    lon: null,
    lat: null,
    version: 1,
    ...more,
  }
}

export function aPiece(id: string, more: Partial<EvidencePiece> = {}): EvidencePiece {
  return {
    id,
    case_id: null,
    kind: 'picture',
    photo_type: '',
    phase: 'before',
    name: `${id}.jpg`,
    mime: 'image/jpeg',
    size: 1000,
    sha256: id,
    at: '2026-11-20T01:00:00Z',
    by_unit: '',
    taken_at: null,
    lon: null,
    lat: null,
    from_reporter: false,
    is_released: false,
    variants: ['served', 'small', 'medium'],
    cautions: [],
    warnings: [],
    ...more,
  }
}

export function aCase(id: string, more: Partial<CaseDetail> = {}): CaseDetail {
  const { category, ...row } = aRow(id)
  return {
    ...row,
    category: category && { ...category, evidence: [], is_complaint: false },
    condition: null,
    description: '',
    reported_grid: row.grid.code,
    place_by: 'point',
    places: [],
    happened_at: null,
    answered_at: null,
    was_late: false,
    self_settled: false,
    reopenings: 0,
    complained: null,
    steps: [],
    clocks: [],
    procedure: [],
    assignments: [],
    extensions: [],
    whistles: [],
    supervisions: [],
    evidence: [],
    ratings: [],
    reporters: [],
    related: [],
    moves: [],
    ...more,
  }
}
