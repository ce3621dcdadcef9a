// What the server tells every page before it starts: where the live feed is, which base map, whether this is a demonstration.
import { shallowRef } from 'vue'

import { api, call } from '../api/client'
import type { components } from '../api/schema'

export type Config = components['schemas']['ConfigOut']

export const config = shallowRef<Config>({
  live_url: '',
  positions_url: '',
  demo: false,
  product: '',
  version: '',
  base_map: { kind: 'none', url: '', attribution: '', approval_no: '' },
  demo_accounts: [],
})

export async function loadConfig(): Promise<void> {
  config.value = await call(api.GET('/api/config'))
}
