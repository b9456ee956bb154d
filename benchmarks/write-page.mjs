// Puts the tables of results/*.json into docs/explanation/performance.md, between its markers.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { scriptTables } from './src/script-tables.mjs'
import { engineTables, profileTable } from './src/tables.mjs'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const page = here('../docs/explanation/performance.md')

let text = readFileSync(page, 'utf8')
for (const [name, tables] of Object.entries({ engine: engineTables, scripts: scriptTables, profile: profileTable })) {
  const file = here(`results/${name}.json`)
  if (!existsSync(file)) continue
  const begin = `<!-- ${name}: begin -->`
  const end = `<!-- ${name}: end -->`
  const from = text.indexOf(begin)
  const to = text.indexOf(end)
  if (from < 0 || to < from) throw new Error(`the page has no markers "${begin}" and "${end}"`)
  const measured = tables(JSON.parse(readFileSync(file, 'utf8')))
  text = `${text.slice(0, from + begin.length)}\n\n${measured}\n\n${text.slice(to)}`
}
writeFileSync(page, text)
