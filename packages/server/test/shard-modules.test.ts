import { buildSync } from 'esbuild'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { definedModules } from '@segue/modules'
import { createApplications, createQuarantine, createShardProcesses } from '@segue/runtime'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'segue-shard-modules-'))
  buildSync({
    entryPoints: [fileURLToPath(new URL('../src/shard-main.ts', import.meta.url))],
    outfile: join(folder, 'shard.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['source'],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'error',
  })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const url = 'file:///app/main.scxml'
const document = `<scxml xmlns="http://www.w3.org/2005/07/scxml" xmlns:cb="http://www.example.com/cb" profile="ecmascript" version="1.0" initial="s">
  <state id="s"><onentry><cb:notify><param name="n" expr="1"/></cb:notify></onentry></state></scxml>`

it('modules of definition files reach shard processes with their start', async () => {
  const definition = `<dfm name="callback" namespace="www.example.com/cb"><connection type="http"><server url="http://one.example"/></connection>
    <transport name="notify" conntype="http" url="/notify"/></dfm>`
  const defined = definedModules([{ url: 'file:///app/callback.dfm', text: definition }])
  const applications = createApplications({
    resolve: () => Promise.resolve({ found: true, source: { url, text: document } }),
    namespaces: defined.namespaces,
    stored: () => Promise.resolve(undefined),
    clock: { nowMs: () => 0, schedule: () => ({ cancel: () => undefined }) },
    maxAgeS: 0,
  })
  const current = await applications.current(url)
  if (!current.ok) throw new Error('the document has errors')
  const shard = createShardProcesses({
    program: { path: join(folder, 'shard.mjs'), memoryMb: 256, words: ['1000', '100', defined.text] },
    count: 1,
    quarantine: createQuarantine({ maxStrikes: 3, strikeWindowMs: 3_600_000 }),
    settings: () => ({ nodeName: 'n', cluster: 'c', url: 'http://127.0.0.1:1' }),
    nowEpochMs: () => 1_000,
    onIncident: () => undefined,
    onNotice: () => undefined,
  })

  try {
    const loaded = await shard.load(current.bundle)
    const { hash } = current.bundle
    const message = { kind: 'start' as const, url, application: '', parameters: {}, hash }
    const common = { nowMs: 1_000, seed: 1, stored: undefined, openEffects: [], wantsSnapshot: false }
    const [response] = await shard.step([{ sessionId: 'S1', version: 1, message, ...common }])

    expect(loaded).toEqual({ ok: true, message: '' })
    expect(response?.ok === true && response.effects).toMatchObject([
      { type: 'dfm.call', body: { urls: ['http://one.example/notify'], requestBody: '{"n":1}' } },
    ])
  } finally {
    await shard.drain()
  }
})
