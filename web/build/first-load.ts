// How much script a person waits for before the workbench stands: said in every build, and no build passes the limit.
import { gzipSync } from 'node:zlib'

import type { Plugin } from 'vite'

/** kB of gzipped script. The map and the charts come after the page. */
const LIMIT_KB = 500
const ENTRY = 'console/index.html'
const FIRST_PAGE = 'console/workbench/WorkbenchPage.vue'
const LATER = /maplibre|echarts|terra-draw/

interface Chunk {
  type: 'chunk'
  fileName: string
  code: string
  imports: string[]
  facadeModuleId: string | null
}

export function firstLoad(): Plugin {
  return {
    name: 'wangge-first-load',
    apply: 'build',
    generateBundle(_options, bundle) {
      const chunks = new Map(
        Object.values(bundle).flatMap((one) => (one.type === 'chunk' ? [[one.fileName, one as Chunk]] : [])),
      )
      const begins = [...chunks.values()].filter(
        ({ facadeModuleId }) => facadeModuleId?.endsWith(ENTRY) || facadeModuleId?.endsWith(FIRST_PAGE),
      )
      if (begins.length < 2) return // another bundle (a worker)
      const sizes = [...closure(begins, chunks)].map(({ code }) => gzipSync(code).length)
      const kb = sizes.reduce((sum, size) => sum + size, 0) / 1000
      this.info(
        `first load of the console: ${kb.toFixed(0)} kB of script, gzipped (limit ${String(LIMIT_KB)})`,
      )
      if (kb > LIMIT_KB)
        this.error(`the first load of the console is ${kb.toFixed(0)} kB; split what is not needed at once`)
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
