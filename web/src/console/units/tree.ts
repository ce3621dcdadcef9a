// All units as one tree. There are hundreds, not thousands of thousands: read once, searched in place.
import { api, call } from '@/shared/api/client'
import type { components } from '@/shared/api/schema'

export type Unit = components['schemas']['UnitOut']

export interface UnitNode extends Unit {
  children: UnitNode[]
}

/** The server's largest page. */
const SIZE = 200

export async function loadUnits(ended: boolean): Promise<Unit[]> {
  const first = await page(0, ended)
  const offsets = Array.from({ length: Math.ceil(first.count / SIZE) - 1 }, (_, i) => (i + 1) * SIZE)
  const others = await Promise.all(offsets.map((offset) => page(offset, ended)))
  return [first, ...others].flatMap(({ items }) => items)
}

/** `units` in any order; one whose parent is not among them stands at the top. */
export function treeOf(units: readonly Unit[]): UnitNode[] {
  const nodes = new Map(units.map((unit): [number, UnitNode] => [unit.id, { ...unit, children: [] }]))
  const tops: UnitNode[] = []
  for (const node of nodes.values()) {
    const parent = node.parent_id == null ? undefined : nodes.get(node.parent_id)
    ;(parent?.children ?? tops).push(node)
  }
  return tops
}

function page(offset: number, ended: boolean) {
  return call(api.GET('/api/units', { params: { query: { offset, limit: SIZE, ended } } }))
}
