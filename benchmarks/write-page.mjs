// Puts the tables of results/*.json into the pages that explain them, between their markers.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { bombTables, shardTable } from './src/bombs/table.mjs'
import { scriptTables } from './src/script-tables.mjs'
import { storeTables } from './src/store/tables.mjs'
import { engineTables, profileTable } from './src/tables.mjs'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const pages = {
  '../docs/explanation/performance.md': {
    engine: engineTables,
    scripts: scriptTables,
    store: storeTables,
    'store-long': storeTables,
    profile: profileTable,
  },
  '../docs/explanation/script-isolation.md': { bombs: bombTables, shards: shardTable },
}

for (const [page, parts] of Object.entries(pages)) {
  let text = readFileSync(here(page), 'utf8')
  for (const [name, tables] of Object.entries(parts)) {
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
  writeFileSync(here(page), text)
}
