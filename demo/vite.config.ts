import { defineConfig } from 'vite'

// The server sends a strict Content-Security-Policy: every script and style is a file of its own, and nothing is inlined.
export default defineConfig({
  base: './',
  build: {
    outDir: '../dist/demo',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
})
