// Weighs what a browser must load before the first list is painted, and fails above the budget.
// Entry chunk, everything it imports statically, the chunks the boot always asks for (one language).
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const BUDGET = { js: 95, css: 12 }
const ALWAYS = ['index.html', 'src/i18n/fr/first.ts'] // the inbox is in the base chunk (vite.config.ts), which the entry imports
const out = new URL('../comptoir/static/', import.meta.url)
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', out), 'utf8'))

const files = new Set()
const visit = (key) => {
  const chunk = manifest[key]
  if (!chunk) throw new Error(`${key} is not in the build any more: update size.mjs`)
  if (files.has(chunk.file)) return
  files.add(chunk.file)
  chunk.css?.forEach((file) => files.add(file))
  chunk.imports?.forEach(visit)
}
ALWAYS.forEach(visit)

const weigh = (ending) =>
  [...files].filter((file) => file.endsWith(ending)).reduce((sum, file) => sum + gzipSync(readFileSync(new URL(file, out)), { level: 9 }).length, 0) / 1024
const measured = { js: weigh('.js'), css: weigh('.css') }

for (const [kind, budget] of Object.entries(BUDGET)) {
  const value = measured[kind]
  console.log(`initial ${kind}: ${value.toFixed(1)} KB gz of ${budget}`)
  if (value > budget) process.exitCode = 1
}
