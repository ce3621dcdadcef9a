// Names of divisions and grids by their codes, asked for once each; until then, and where there is none, the code.
import { shallowRef, watch } from 'vue'

import { api } from '@/shared/api/client'

const known = shallowRef<Record<string, string>>({})
const asked = new Set<string>()

export function usePlaceNames(codes: () => readonly string[]): (code: string) => string {
  watch(codes, (all) => all.forEach((code) => void ask(code)), { immediate: true })
  return (code) => known.value[code] ?? code
}

async function ask(code: string): Promise<void> {
  if (!code || asked.has(code)) return
  asked.add(code)
  const answer =
    code.length > 12
      ? await api.GET('/api/grids/{code}', { params: { path: { code } } })
      : await api.GET('/api/divisions/{code}', { params: { path: { code } } })
  if (answer.data) known.value = { ...known.value, [code]: answer.data.name }
}
