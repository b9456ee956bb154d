// Where the time of a workload goes: samples of its process by part of the engine. `node benchmarks/profile.mjs B segue-served`
// Results: results/profile.json.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const [workload = 'B', engine = 'segue-served'] = process.argv.slice(2)
const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'segue-profile-'))
const task = { kind: 'throughput', engine, workload, seconds: 3 }
const options = ['--expose-gc', '--cpu-prof', `--cpu-prof-dir=${folder}`, '--cpu-prof-interval=200']
execFileSync(process.execPath, [...options, here('src/child.mjs'), JSON.stringify(task)], {
  env: { ...process.env, NODE_ENV: 'production' },
  stdio: 'ignore',
})
const [name] = readdirSync(folder)
const { nodes, samples } = JSON.parse(readFileSync(join(folder, name), 'utf8'))
rmSync(folder, { recursive: true })

const byId = new Map(nodes.map((node) => [node.id, node]))
const originOfLine = new Map()
const parts = new Map()
const functions = new Map()
let total = 0
for (const id of samples) {
  const { functionName, lineNumber, url } = byId.get(id).callFrame
  const part = partOf(functionName, url, lineNumber)
  if (part === undefined) continue
  total += 1
  parts.set(part, (parts.get(part) ?? 0) + 1)
  const key = `${part}: ${functionName === '' ? '(anonymous)' : functionName}`
  functions.set(key, (functions.get(key) ?? 0) + 1)
}
const shares = (counts) =>
  [...counts]
    .sort(([, left], [, right]) => right - left)
    .map(([what, count]) => ({ what, share: Math.round((count / total) * 1000) / 10 }))
const results = { workload, engine, samples: total, parts: shares(parts), functions: shares(functions).slice(0, 20) }
writeFileSync(here('results/profile.json'), `${JSON.stringify(results, undefined, 2)}\n`)
for (const { share, what } of [...results.parts, { share: '', what: '' }, ...results.functions]) {
  process.stdout.write(`${String(share).padStart(6)}  ${what}\n`)
}

/** Part of the engine that a sample fell into; `undefined` for loading, compiling and waiting. */
function partOf(functionName, url, lineNumber) {
  if (functionName === '(garbage collector)') return 'garbage collector'
  if (url === 'segue-application') return "the document's own scripts"
  if (url === 'segue-prelude') return 'scripts: prelude'
  if (url === 'segue-codec') return 'codec'
  if (url.endsWith('/scxml/dist/index.js')) {
    const folder = /packages\/scxml\/src\/(\w+)/.exec(originOf(url, lineNumber))?.[1]
    if (folder === 'step' || folder === 'compile') return 'step'
    return folder === 'script' ? 'scripts: border' : undefined
  }
  return url.includes('/benchmarks/') ? 'the benchmark itself' : undefined
}

/** The bundler writes the path of every source above its text. */
function originOf(url, lineNumber) {
  if (!originOfLine.has(url)) {
    let origin = ''
    const origins = readFileSync(fileURLToPath(url), 'utf8')
      .split('\n')
      .map((line) => (origin = /^\/\/ (\S+\.ts)$/.exec(line)?.[1] ?? origin))
    originOfLine.set(url, origins)
  }
  return originOfLine.get(url)[lineNumber] ?? ''
}
