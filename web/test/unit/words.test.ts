// Both languages say the same things, the code asks for nothing they do not have, and French keeps its spaces.
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { KEYS } from '@/keys/map'

const ROOT = `${import.meta.dirname}/../../src/`
type Tree = { [key: string]: string | Tree }

function flatten(tree: Tree, prefix: string): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) => (typeof value === 'string' ? [[`${prefix}.${key}`, value] as [string, string]] : flatten(value, `${prefix}.${key}`)))
}
function read(language: string): Map<string, string> {
  const files = readdirSync(`${ROOT}i18n/${language}`).filter((name) => name.endsWith('.json'))
  return new Map(files.flatMap((name) => flatten(JSON.parse(readFileSync(`${ROOT}i18n/${language}/${name}`, 'utf8')) as Tree, name.replace('.json', ''))))
}
const fr = read('fr')
const en = read('en')
const holes = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort()

test('every message exists in both languages, with the same holes and as many forms', () => {
  expect([...fr.keys()].sort()).toEqual([...en.keys()].sort())
  for (const [key, text] of fr) {
    expect(holes(en.get(key)!), key).toEqual(holes(text))
    expect(en.get(key)!.split(' | ').length, key).toBe(text.split(' | ').length)
  }
})

test('every key that the code names exists', () => {
  const sources = (readdirSync(ROOT, { recursive: true }) as string[]).filter((name) => /\.(vue|ts)$/.test(name) && !name.startsWith('i18n'))
  const missing = sources.flatMap((name) =>
    [...readFileSync(ROOT + name, 'utf8').matchAll(/\bt\(\s*'([\w.]+)'/g)].map((match) => match[1]!).filter((key) => !fr.has(key)).map((key) => `${name}: ${key}`),
  )
  expect(missing).toEqual([])
})

test('every command has a name', () => {
  for (const id of Object.keys(KEYS)) expect(fr.has(`keys.commands.${id.replace('.', '_')}`), id).toBe(true)
})

test('French: thin or no-break space before double punctuation, typographic apostrophe', () => {
  for (const [key, text] of fr) {
    expect(text, key).not.toMatch(/ [?!;:»]|« /)
    expect(text, key).not.toMatch(/\p{L}'\p{L}/u)
  }
})
