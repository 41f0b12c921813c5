// Builds the static files that Python serves. Node is needed here, never at run time.
import { fileURLToPath, URL } from 'node:url'
import vueI18n from '@intlify/unplugin-vue-i18n/vite'
import vue from '@vitejs/plugin-vue'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

const server = process.env['COMPTOIR_URL'] ?? 'http://127.0.0.1:8000'

// The first screen: what every page needs, the inbox and its list. With all that these import, and in one file: each one costs a round.
const BASE = /node_modules\/(?!@lucide\/vue\/dist\/esm\/icons|squire-rte|dompurify)|export-helper|\/src\/(App|main|router|api\/(?!submit|drafts|uploads|outbox|mentions)|keys\/|i18n\/(index|format|merge)|ui\/Ui(Skeleton|Pill|Button|Empty)|features\/conversations\/(list\/ChannelIcon|InboxPage))/
// What comes right after it, around it: the bell, the menus and bars of the shell and of the list.
const NEAR = /\/src\/features\/(notifications\/NotificationBell|shell\/(UserMenu|ConnectionBar|Panel)|conversations\/(views\/View(Menu|Rail)|starting\/StartButton|filters\/FilterChips|bulk\/BulkProgress))\.vue/
// A thread, and the parts that nearly every thread shows.
const THREAD = /\/src\/features\/(conversations\/(thread\/(ThreadBeside|ActivityLine|FoldedLines|MessageMenu|MessageKeys)|chat\/(ChatBubble|QuoteBar|WindowBar|VoiceTool)|composer\/AnswerBar|handling\/pages|together\/pages|starting\/Reach)|templates\/TemplateTool|customers\/DetailsColumn)\.(vue|ts)/

/** Tells index.html where the first words of each language are: it asks for those of the page before the bundle does. */
const words: Plugin = {
  name: 'first-words',
  transformIndexHtml: {
    order: 'post',
    handler: (html, { bundle }) => html.replace(/%WORDS_(\w\w)%/g, (_, language: string) => {
      const found = Object.values(bundle ?? {}).find((one) => one.type === 'chunk' && one.facadeModuleId?.endsWith(`/i18n/${language}/first.ts`))
      return found ? `/${found.fileName}` : ''
    }),
  },
}

/** Nearly all of these two files runs as soon as it is there: compiled whole on its way here, beside what the page does meanwhile,
    and not function by function when somebody waits for it. */
const compiled: Plugin = {
  name: 'compiled-on-arrival',
  enforce: 'post',
  generateBundle: {
    order: 'post',
    handler: (_, bundle) => {
      for (const one of Object.values(bundle)) if (one.type === 'chunk' && ['base', 'thread'].includes(one.name)) one.code = `//# allFunctionsCalledOnLoad\n${one.code}`
    },
  },
}

export default defineConfig({
  plugins: [
    vue(),
    words,
    compiled,
    // Messages are compiled at build time, so the message compiler never reaches the browser.
    vueI18n({ include: fileURLToPath(new URL('./src/i18n/{fr,en}/*.json', import.meta.url)), runtimeOnly: true, dropMessageCompiler: true }),
  ],
  resolve: {
    alias: [
      { find: '@', replacement: fileURLToPath(new URL('./src', import.meta.url)) },
      { find: /^.*\/createLucideIcon\.mjs$/, replacement: fileURLToPath(new URL('./src/ui/icon.ts', import.meta.url)) },
    ],
  },
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
      output: { entryFileNames: ({ name }) => (name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js'), codeSplitting: { groups: [{ name: 'base', test: BASE, priority: 3 }, { name: 'near', test: NEAR, priority: 2 }, { name: 'thread', test: THREAD, priority: 1 }] } },
    },
  },
  server: { proxy: { '/api': server } },
  test: { environment: 'happy-dom', include: ['test/unit/**/*.test.ts'] },
})
