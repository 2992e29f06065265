// Builds the page into dist/ui, which the program embeds.
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'
import { licences } from './scripts/licences'

export default defineConfig({
  plugins: [svelte(), licences()],
  base: '/ui/',
  build: {
    outDir: 'dist/ui',
    emptyOutDir: true,
    // Data in an address is refused by our policy for everything but pictures.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
    // The viewer of /api/docs is a page of its own: nobody else loads it.
    rollupOptions: { input: ['index.html', 'docs.html'] },
    chunkSizeWarningLimit: 2000,
  },
  server: {
    // `npm run dev` beside a box on this computer.
    proxy: { '/api': { target: 'https://127.0.0.1:8443', secure: false, changeOrigin: true } },
  },
})
