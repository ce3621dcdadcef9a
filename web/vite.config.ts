import vue from '@vitejs/plugin-vue'
import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { constants } from 'node:zlib'
import { compression, defineAlgorithm } from 'vite-plugin-compression2'
import { VitePWA } from 'vite-plugin-pwa'
import { defineConfig } from 'vitest/config'

import { firstLoad } from './build/first-load.ts'
import { mobileFiles } from './build/mobile-files.ts'

const here = import.meta.dirname
// The API process; only `npm run dev` asks it.
const server = process.env['WANGGE_DEV_SERVER'] ?? 'http://127.0.0.1:8000'

/** Of the build, what the phone needs without a network. */
const onPhone = new Set<string>()

const specs = ['src/**/*.spec.ts']
/** What goes on behind the page (the phone's queue, other tabs of one session) would be heard in the next file. */
const alone = ['src/**/session/*.spec.ts', ...withDatabase()]

export default defineConfig({
  plugins: [
    vue(),
    ...firstLoad(),
    mobileFiles(resolve(here, 'mobile/static'), onPhone),
    phoneWorker(),
    beside(),
    { ...devPages(), apply: 'serve' },
  ],
  // `public/` is an application here, not a folder of files to copy.
  publicDir: false,
  resolve: { alias: { '@': resolve(here, 'src') } },
  define: {
    // A constant, so that the kit is left out of the product's build altogether.
    'import.meta.env.VITE_KIT': JSON.stringify(process.env['VITE_KIT'] ?? ''),
    __VUE_OPTIONS_API__: 'true', // Element Plus and Vant have components written with it
    __VUE_PROD_DEVTOOLS__: 'false',
    __VUE_I18N_FULL_INSTALL__: 'false',
    __VUE_I18N_LEGACY_API__: 'false',
    __INTLIFY_PROD_DEVTOOLS__: 'false',
  },
  build: {
    target: 'chrome86', // WeChat's browser engine; the map alone needs Chromium 94
    assetsInlineLimit: 0, // a data: script or font would need a weaker Content-Security-Policy
    chunkSizeWarningLimit: 1200,
    reportCompressedSize: false, // build/first-load.ts says what a person waits for
    rollupOptions: {
      input: {
        console: resolve(here, 'console/index.html'),
        public: resolve(here, 'public/index.html'),
        wall: resolve(here, 'wall/index.html'),
        mobile: resolve(here, 'mobile/index.html'),
      },
    },
  },
  worker: { format: 'es' },
  server: { proxy: { '/api': server } },
  test: {
    environment: 'happy-dom',
    // Beside the rooms' tests a spec of a second takes ten; nothing waits when it is there.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      // One Vue and one Element Plus for all files of a worker: they take longer to load than most specs to run.
      { extends: true, test: { name: 'together', include: specs, exclude: alone, isolate: false } },
      { extends: true, test: { name: 'alone', include: alone } },
    ],
    setupFiles: ['src/shared/testing/setup.ts'],
    // Its parts import their own .css, which Node does not read.
    server: { deps: { inline: ['vant'] } },
    restoreMocks: true,
    unstubGlobals: true,
  },
})

/** Specs that have the browser's database, where the phone's queue lies. */
function withDatabase(): string[] {
  const files = readdirSync(resolve(here, 'src/mobile'), { recursive: true, encoding: 'utf8' })
  const phone = files.filter((file) => file.endsWith('.spec.ts')).map((file) => `src/mobile/${file}`)
  return phone.filter((file) => readFileSync(resolve(here, file), 'utf8').includes('fake-indexeddb'))
}

/** In development, answers page addresses as the API process does: `/public/…`, `/wall/…`, `/m/…`, the rest the desk. */
function devPages() {
  return {
    name: 'wangge-pages',
    configureServer(dev: import('vite').ViteDevServer) {
      dev.middlewares.use((request, _response, next) => {
        const wantsPage = request.headers.accept?.includes('text/html')
        if (wantsPage && request.url) request.url = `/${applicationOf(request.url)}/index.html`
        next()
      })
    },
  }
}

function applicationOf(url: string): string {
  const first = /^\/(public|wall|m)(?=\/|$)/.exec(url)?.[1]
  return first === 'm' ? 'mobile' : (first ?? 'console')
}

/** Each file as Brotli and gzip too, so that nothing is compressed while somebody waits. */
function beside() {
  return compression({
    include: /\.(m?js|css|svg|json)$/,
    algorithms: [
      // Two levels under the best: an eighteenth of its time, a tenth more.
      defineAlgorithm('brotliCompress', { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
      defineAlgorithm('gzip', { level: 9 }),
    ],
    threshold: 1024,
    logLevel: 'silent',
  })
}

/** The service worker of the phone's application, `dist/mobile/sw.js`, served as `/m/sw.js`, so that `/m/` is its scope. */
function phoneWorker() {
  return VitePWA({
    strategies: 'injectManifest',
    srcDir: 'src/mobile',
    filename: 'sw.ts',
    outDir: 'dist/mobile',
    scope: '/m/',
    injectRegister: false, // src/mobile/offline.ts does; the other applications have none
    manifest: false, // mobile/static: it belongs to one of four pages
    injectManifest: {
      rollupFormat: 'iife', // a module worker needs Chromium 91
      globDirectory: 'dist',
      globPatterns: ['mobile/index.html', 'assets/*'],
      maximumFileSizeToCacheInBytes: 4 * 1024 * 1024,
      manifestTransforms: [
        (entries) => ({
          manifest: entries
            .filter(({ url }) => url === 'mobile/index.html' || onPhone.has(url))
            .map((entry) => ({
              ...entry,
              url: entry.url === 'mobile/index.html' ? '/m/' : `/${entry.url}`,
              // Hashed names say their content; the page has none.
              revision: entry.url === 'mobile/index.html' ? entry.revision : null,
            })),
          warnings: [],
        }),
      ],
    },
  })
}
