import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { bundleForBrowser } from './bundle.ts'
import { dumpDom, findChromium, installHint } from './chromium.ts'
import type { PageReport } from './page-report.ts'

const suiteFolder = new URL('../../../../conformance/suites/w3c-irp/', import.meta.url)
const page = fileURLToPath(new URL('page.ts', import.meta.url))
const browser = findChromium()
if (browser === undefined) console.log(`skipped: no Chromium (CHROMIUM or on PATH); to install one: ${installHint}`)

describe('the bundle for browsers', () => {
  it('holds nothing but this package, saxes and acorn with what these need', async () => {
    const { packages } = await bundleForBrowser("export * from './src/index.ts'")

    expect(packages).toEqual(['acorn', 'saxes', 'xmlchars'])
  })

  it('is not made when something of Node is imported', async () => {
    const bundled = bundleForBrowser(
      "export * from './src/index.ts'; import { readFileSync } from 'node:fs'; readFileSync('x')",
    )

    await expect(bundled).rejects.toThrow('Could not resolve "node:fs"')
  })
})

describe.skipIf(browser === undefined)('in headless Chromium', () => {
  let report: PageReport
  const suite = suiteDocuments()

  beforeAll(async () => {
    const { code } = await bundleForBrowser(`import ${JSON.stringify(page)}`)
    await using site = await serve({
      '/': '<!doctype html><meta charset="utf-8"><pre id="report"></pre><script type="module" src="page.js"></script>',
      '/page.js': code,
      '/suite.json': JSON.stringify(suite),
    })
    const html = await dumpDom(browser ?? '', site.url, 60_000)
    report = readReport(html)
  }, 90_000)

  it('events move a session, and a guard holds it', () => {
    expect(report.states).toEqual([['locked'], ['locked']])
  })

  it('a snapshot goes on with its data where it was made, apart from its original', () => {
    expect(report.restored).toEqual(['open'])
    expect(report.untouched).toEqual(['locked'])
  })

  it('the documents of the W3C suite that need no other session and no HTTP pass', () => {
    expect(suite).toHaveLength(146)
    expect(report.suite.filter(({ result }) => result !== 'pass')).toEqual([])
    expect(report.suite.map(({ name }) => name)).toEqual(suite)
  })
})

/** Automatic tests of one session. */
function suiteDocuments(): readonly string[] {
  const index: unknown = JSON.parse(readFileSync(new URL('index.json', suiteFolder), 'utf8'))
  if (!Array.isArray(index)) throw new Error('the index of the suite is no list')
  return index.flatMap((entry: { file?: unknown; manual?: unknown; http?: unknown }) => {
    const name = String(entry.file)
    const isAlone = entry.manual === false && entry.http === false
    return isAlone && !/<invoke\b/.test(readFileSync(new URL(name, suiteFolder), 'utf8')) ? [name] : []
  })
}

function readReport(html: string): PageReport {
  const encoded = /<pre id="report">([^<]*)</.exec(html)?.[1] ?? ''
  if (encoded === '') throw new Error(`the page wrote nothing: ${html.slice(0, 1000)}`)
  const found: PageReport | { readonly failure: string } = JSON.parse(decodeURIComponent(encoded))
  if ('failure' in found) throw new Error(`the page failed: ${found.failure}`)
  return found
}

interface Site extends AsyncDisposable {
  readonly url: string
}

/** Serves these texts, and the documents of the suite under `/suite/`, on loopback. */
async function serve(texts: Readonly<Record<string, string>>): Promise<Site> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname
    const text = texts[path] ?? suiteText(path)
    const type = path === '/' ? 'text/html' : path.endsWith('.js') ? 'text/javascript' : 'text/plain'
    response.writeHead(text === undefined ? 404 : 200, { 'content-type': `${type}; charset=utf-8` }).end(text)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return {
    url: `http://127.0.0.1:${address.port}/`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function suiteText(path: string): string | undefined {
  const name = /^\/suite\/(test\w+\.(?:scxml|txt))$/.exec(path)?.[1]
  try {
    return name === undefined ? undefined : readFileSync(new URL(name, suiteFolder), 'utf8')
  } catch {
    return undefined
  }
}
