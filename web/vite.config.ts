import { copyFileSync, readFileSync, renameSync, rmSync, mkdirSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import vue from '@vitejs/plugin-vue'
import { defineConfig, type Plugin } from 'vite'

const root = import.meta.dirname
const out = resolve(root, '../app/static')

/** Pages go where FastAPI serves them (`/`, `/m/`), and the service worker learns its shell. */
function placePages(): Plugin {
  return {
    name: 'zhishou-place-pages',
    apply: 'build',
    closeBundle() {
      mkdirSync(resolve(out, 'm'), { recursive: true })
      renameSync(resolve(out, 'console/index.html'), resolve(out, 'index.html'))
      renameSync(resolve(out, 'field/index.html'), resolve(out, 'm/index.html'))
      for (const folder of ['console', 'field']) rmSync(resolve(out, folder), { recursive: true })
      // The API page works without the internet: its script is served from here.
      mkdirSync(resolve(out, 'vendor'), { recursive: true })
      for (const file of ['swagger-ui-bundle.js', 'swagger-ui.css'])
        copyFileSync(resolve(root, 'node_modules/swagger-ui-dist', file), resolve(out, 'vendor', file))
      const page = readFileSync(resolve(out, 'm/index.html'), 'utf8')
      const assets = [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map((m) => m[1])
      const worker = resolve(out, 'm/sw.js')
      const shell = JSON.stringify(['/m/', '/icon.svg', '/m/icon-192.png', '/m/manifest.webmanifest', ...assets]).slice(1, -1)
      writeFileSync(worker, readFileSync(worker, 'utf8').replace(/["'`]__SHELL__["'`]/, shell))
    },
  }
}

export default defineConfig({
  root,
  base: '/',
  publicDir: resolve(root, 'public'),
  plugins: [vue(), placePages()],
  resolve: { alias: { '@': root } },
  server: { proxy: { '/api': 'http://127.0.0.1:8000', '/ws': { target: 'ws://127.0.0.1:8000', ws: true } } },
  build: {
    outDir: out,
    emptyOutDir: true,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 600, // the client of LiveKit, which who sits in a large meeting loads
    modulePreload: { polyfill: false },
    rollupOptions: {
      checks: { pluginTimings: false },
      input: {
        console: resolve(root, 'console/index.html'),
        field: resolve(root, 'field/index.html'),
        sw: resolve(root, 'field/sw.ts'),
      },
      output: {
        // The map in a file of its own: a new version of the console does not fetch it again.
        codeSplitting: { groups: [{ name: 'map', test: /node_modules[\\/](ol|rbush|quickselect|earcut)[\\/]/ }] },
        chunkFileNames: (chunk) => (chunk.name === 'map' ? 'assets/map-[hash].js' : 'assets/shared-[hash].js'),
        entryFileNames: (chunk) => (chunk.name === 'sw' ? 'm/sw.js' : 'assets/[name]-[hash].js'),
      },
    },
  },
})
