import { defineConfig } from 'vite'

const service = `http://localhost:${process.env.PORT || 3000}`

export default defineConfig({
  root: 'page',
  base: './',
  // The page and the service have one address, in development too.
  server: { host: true, proxy: { '/socket.io': { target: service, ws: true } } },
  // The service allows the page's own files only: nothing is inlined.
  build: { outDir: '../dist', emptyOutDir: true, assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  test: { root: '.' },
} as Parameters<typeof defineConfig>[0])
