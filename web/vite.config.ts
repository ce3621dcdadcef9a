import vue from '@vitejs/plugin-vue'
import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'

import { firstLoad } from './build/first-load'

const here = import.meta.dirname
// The API process; only `npm run dev` asks it.
const server = process.env['WANGGE_DEV_SERVER'] ?? 'http://127.0.0.1:8000'

export default defineConfig({
  plugins: [vue(), firstLoad(), { ...devPages(), apply: 'serve' }],
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
    rollupOptions: {
      input: {
        console: resolve(here, 'console/index.html'),
        public: resolve(here, 'public/index.html'),
        wall: resolve(here, 'wall/index.html'),
      },
    },
  },
  worker: { format: 'es' },
  server: { proxy: { '/api': server } },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.spec.ts'],
    setupFiles: ['src/shared/testing/setup.ts'],
    // Its parts import their own .css, which Node does not read.
    server: { deps: { inline: ['vant'] } },
    restoreMocks: true,
    unstubGlobals: true,
  },
})

/** In development, answers page addresses as the API process does: `/public/…`, `/wall/…`, the rest the desk. */
function devPages() {
  return {
    name: 'wangge-pages',
    configureServer(dev: import('vite').ViteDevServer) {
      dev.middlewares.use((request, _response, next) => {
        const wantsPage = request.headers.accept?.includes('text/html')
        if (wantsPage && request.url)
          request.url = `/${/^\/(public|wall)(?=\/|$)/.exec(request.url)?.[1] ?? 'console'}/index.html`
        next()
      })
    },
  }
}
