// Builds the static files that Python serves. Node is needed here, never at run time.
import { fileURLToPath, URL } from 'node:url'
import vueI18n from '@intlify/unplugin-vue-i18n/vite'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

const server = process.env['COMPTOIR_URL'] ?? 'http://127.0.0.1:8000'

const BASE = /node_modules\/(?!@lucide\/vue\/dist\/esm\/icons|squire-rte|dompurify)|export-helper|\/src\/(api\/(?!submit|drafts|uploads|outbox|mentions)|keys\/|i18n\/(index|format|merge)|ui\/Ui(Skeleton|Pill|Button|Empty)|features\/conversations\/list\/ChannelIcon)/

export default defineConfig({
  plugins: [
    vue(),
    // Messages are compiled at build time, so the message compiler never reaches the browser.
    vueI18n({ include: fileURLToPath(new URL('./src/i18n/{fr,en}/*.json', import.meta.url)), runtimeOnly: true, dropMessageCompiler: true }),
  ],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  define: {
    __VUE_OPTIONS_API__: 'false',
    __VUE_PROD_DEVTOOLS__: 'false',
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
    __VUE_I18N_FULL_INSTALL__: 'false',
    __VUE_I18N_LEGACY_API__: 'false',
    __INTLIFY_PROD_DEVTOOLS__: 'false',
  },
  build: {
    outDir: '../comptoir/static',
    emptyOutDir: true,
    target: 'es2022',
    manifest: true,
    reportCompressedSize: false,
    // What the first screen needs is one file: a dozen small ones compress worse, and each costs the page a line.
    rolldownOptions: {
      // The service worker is a program of its own, at an address that never changes.
      input: { index: fileURLToPath(new URL('./index.html', import.meta.url)), sw: fileURLToPath(new URL('./src/sw.ts', import.meta.url)) },
      output: { entryFileNames: ({ name }) => (name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js'), codeSplitting: { groups: [{ name: 'base', test: BASE }] } },
    },
  },
  server: { proxy: { '/api': server } },
  test: { environment: 'happy-dom', include: ['test/unit/**/*.test.ts'] },
})
