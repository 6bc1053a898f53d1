import { resolve } from 'node:path'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

const root = import.meta.dirname

/** The replay in one script and one style: the service puts both into a file with what they show. */
export default defineConfig({
  root,
  publicDir: false,
  plugins: [vue()],
  define: { 'process.env.NODE_ENV': '"production"' },
  resolve: { alias: { '@': root } },
  build: {
    outDir: resolve(root, '../app/static/replay'),
    emptyOutDir: true,
    assetsInlineLimit: 1_000_000,
    cssCodeSplit: false,
    lib: { entry: resolve(root, 'replay/main.ts'), formats: ['iife'], name: 'zhishouReplay', fileName: () => 'viewer.js', cssFileName: 'viewer' },
    rollupOptions: { checks: { pluginTimings: false } },
  },
})
