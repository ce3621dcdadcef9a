// What the phone's application is made of: its icons and manifest beside its page, and which files of the build it needs
// without a network (its own, and none of the desk's).
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import type { Plugin } from 'vite'

const ENTRY = 'mobile/index.html'
/** Loaded with a map, and kept from then on (src/mobile/sw.ts). A door's code must be read in a cellar the first time. */
const ON_DEMAND = /maplibre|geographiclib|terra-draw/

interface Chunk {
  type: 'chunk'
  fileName: string
  imports: string[]
  dynamicImports: string[]
  facadeModuleId: string | null
  viteMetadata?: { importedCss: Set<string>; importedAssets: Set<string> }
}

/** `files` is filled when the bundle is made, before the service worker's list is. */
export function mobileFiles(folder: string, files: Set<string>): Plugin {
  return {
    name: 'wangge-mobile-files',
    apply: 'build',
    generateBundle(_options, bundle) {
      const chunks = new Map(
        Object.values(bundle).flatMap((one) =>
          one.type === 'chunk' ? [[one.fileName, one as unknown as Chunk]] : [],
        ),
      )
      const entry = [...chunks.values()].find(({ facadeModuleId }) => facadeModuleId?.endsWith(ENTRY))
      if (!entry) return // another bundle (a worker)
      collect(entry, chunks, files)
      for (const name of readdirSync(folder)) {
        this.emitFile({
          type: 'asset',
          fileName: `mobile/${name}`,
          source: readFileSync(join(folder, name)),
        })
      }
    },
  }
}

function collect(chunk: Chunk, chunks: ReadonlyMap<string, Chunk>, files: Set<string>): void {
  if (files.has(chunk.fileName) || ON_DEMAND.test(chunk.fileName)) return
  files.add(chunk.fileName)
  for (const name of [
    ...(chunk.viteMetadata?.importedCss ?? []),
    ...(chunk.viteMetadata?.importedAssets ?? []),
  ])
    if (!ON_DEMAND.test(name)) files.add(name)
  for (const name of [...chunk.imports, ...chunk.dynamicImports]) {
    const next = chunks.get(name)
    if (next) collect(next, chunks, files)
  }
}
