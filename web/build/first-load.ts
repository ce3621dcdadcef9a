// How much script a person waits for before the workbench, or today's page of the phone, stands: said in every build, and no build passes the limit.
import { gzipSync } from 'node:zlib'

import type { Plugin } from 'vite'

interface Application {
  name: string
  entry: string
  firstPage: string
  /** kB of gzipped script. The map and the charts come after the page. */
  limitKb: number
}

const APPLICATIONS: Application[] = [
  {
    name: 'console',
    entry: 'console/index.html',
    firstPage: 'console/workbench/WorkbenchPage.vue',
    limitKb: 500,
  },
  { name: 'phone', entry: 'mobile/index.html', firstPage: 'mobile/today/TodayPage.vue', limitKb: 170 },
]
const LATER = /maplibre|echarts|terra-draw/

interface Chunk {
  type: 'chunk'
  fileName: string
  code: string
  imports: string[]
  facadeModuleId: string | null
}

export function firstLoad(): Plugin[] {
  return APPLICATIONS.map(guard)
}

function guard({ name, entry, firstPage, limitKb }: Application): Plugin {
  return {
    name: `wangge-first-load-${name}`,
    apply: 'build',
    generateBundle(_options, bundle) {
      const chunks = new Map(
        Object.values(bundle).flatMap((one) => (one.type === 'chunk' ? [[one.fileName, one as Chunk]] : [])),
      )
      const begins = [...chunks.values()].filter(
        ({ facadeModuleId }) => facadeModuleId?.endsWith(entry) || facadeModuleId?.endsWith(firstPage),
      )
      if (begins.length < 2) return // another bundle (a worker)
      const sizes = [...closure(begins, chunks)].map(({ code }) => gzipSync(code).length)
      const kb = sizes.reduce((sum, size) => sum + size, 0) / 1000
      this.info(
        `first load of the ${name}: ${kb.toFixed(0)} kB of script, gzipped (limit ${String(limitKb)})`,
      )
      if (kb > limitKb)
        this.error(`the first load of the ${name} is ${kb.toFixed(0)} kB; split what is not needed at once`)
    },
  }
}

/** These and what they import before they run. */
function closure(begins: Chunk[], chunks: ReadonlyMap<string, Chunk>): Set<Chunk> {
  const found = new Set<Chunk>()
  const waiting = [...begins]
  for (let one = waiting.pop(); one; one = waiting.pop()) {
    if (found.has(one) || LATER.test(one.fileName)) continue
    found.add(one)
    waiting.push(...one.imports.flatMap((name) => chunks.get(name) ?? []))
  }
  return found
}
