import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { execFileSync } from 'node:child_process'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { createDocumentResolver, type DocumentResolverOptions } from '../../src/documents/document-resolver.ts'
import { VirtualClock } from '../voice/virtual-clock.ts'

const folder = mkdtempSync(join(tmpdir(), 'documents-'))
const root = join(folder, 'apps')
const outside = join(folder, 'apps-secret')
mkdirSync(join(root, 'Include'), { recursive: true })
mkdirSync(outside)
writeFileSync(join(root, 'main.scxml'), '<scxml/>')
writeFileSync(join(root, 'Include', 'Frame.js'), 'var a = 1')
writeFileSync(join(outside, 'secret.txt'), 'secret')
afterAll(() => rmSync(folder, { recursive: true }))

const base = pathToFileURL(join(root, 'main.scxml')).href

function resolver(options: Partial<DocumentResolverOptions> = {}) {
  const clock = new VirtualClock()
  return { clock, resolve: createDocumentResolver({ clock, fileRoots: [root], httpAllow: [], ...options }) }
}

async function reasonOf(href: string, options: Partial<DocumentResolverOptions> = {}): Promise<string> {
  const resolved = await resolver(options).resolve(href, base, 'document')
  return resolved.found ? `found ${resolved.source.url}` : resolved.reason
}

describe('documents from files', () => {
  it('a reference is read relative to its base', async () => {
    const { resolve } = resolver()

    expect(await resolve('Include/Frame.js', base, 'script')).toEqual({
      found: true,
      source: { url: pathToFileURL(join(root, 'Include', 'Frame.js')).href, text: 'var a = 1' },
    })
  })

  it.each(['include/frame.js', 'INCLUDE\\FRAME.JS', 'Include/frame.js?x=1#part'])(
    '%s is found in its real letter case',
    async (href) => {
      expect(await reasonOf(href)).toContain('/Include/Frame.js')
    },
  )

  it('the exact spelling wins, then the first in order', async () => {
    writeFileSync(join(root, 'twice.js'), 'lower')
    writeFileSync(join(root, 'Twice.js'), 'upper')

    expect(await reasonOf('twice.js')).toContain('/twice.js')
    expect(await reasonOf('TWICE.js')).toContain('/Twice.js')
  })

  it.each([
    '../apps-secret/secret.txt',
    '../apps-secret/missing.txt',
    '/etc/passwd',
    '%2e%2e/apps-secret/secret.txt',
    'Include/../../apps-secret/secret.txt',
    '..\\apps-secret\\secret.txt',
  ])('%s lies outside and is not read, whether it exists or not', async (href) => {
    expect(await reasonOf(href)).toMatch(/^SEG-LOAD-001 .* lies outside/)
  })

  it('a link that leads out of the roots is not followed, one that stays inside is', async () => {
    symlinkSync(join(outside, 'secret.txt'), join(root, 'link-out.txt'))
    symlinkSync(outside, join(root, 'folder-out'))
    symlinkSync(join(root, 'Include'), join(root, 'folder-in'))
    symlinkSync(join(root, 'loop'), join(root, 'loop'))

    expect(await reasonOf('link-out.txt')).toMatch(/^SEG-LOAD-001/)
    expect(await reasonOf('folder-out/secret.txt')).toMatch(/^SEG-LOAD-001/)
    expect(await reasonOf('folder-in/frame.js')).toContain('/folder-in/Frame.js')
    expect(await reasonOf('loop')).toMatch(/^SEG-LOAD-002/)
  })

  it('a root that is a link itself works under both names', async () => {
    const alias = join(folder, 'alias')
    symlinkSync(root, alias)
    const options = { fileRoots: [alias] }

    expect(await reasonOf(pathToFileURL(join(alias, 'main.scxml')).href, options)).toContain('/alias/main.scxml')
    expect(await reasonOf('main.scxml', options)).toContain('/apps/main.scxml')
  })

  it('missing files, folders, pipes and files over the limit have their reasons', async () => {
    writeFileSync(join(root, 'large.js'), 'x'.repeat(101))
    execFileSync('mkfifo', [join(root, 'pipe')])
    const limits = { maxBytes: 100 }

    expect(await reasonOf('missing.js')).toMatch(/^SEG-LOAD-002 .*: no such file$/)
    expect(await reasonOf('main.scxml/x.js')).toMatch(/^SEG-LOAD-002/)
    expect(await reasonOf('Include')).toMatch(/^SEG-LOAD-002 .*: it is a folder$/)
    expect(await reasonOf('pipe')).toMatch(/^SEG-LOAD-005 .* ordinary file$/)
    expect(await reasonOf('large.js', { limits })).toMatch(/^SEG-LOAD-003 .* larger than 100 bytes$/)
    expect(await reasonOf('large.js', { limits: { maxBytes: 101 } })).toContain('found')
  })

  it.each([
    ['file://server/share/x.js', /^SEG-LOAD-006/],
    ['a%2fb.js', /^SEG-LOAD-006/],
    ['a%00b.js', /^SEG-LOAD-006/],
    ['javascript:alert(1)', /^SEG-LOAD-006 .*scheme "javascript:"/],
    ['data:text/plain,x', /^SEG-LOAD-006/],
    ['http://[bad', /^SEG-LOAD-006/],
  ])('%s is refused with a reason', async (href, reason) => {
    expect(await reasonOf(href)).toMatch(reason)
  })

  it('a relative reference without a base is refused', async () => {
    const resolved = await resolver().resolve('x.js', '', 'script')

    expect(resolved).toMatchObject({ found: false, reason: expect.stringMatching(/^SEG-LOAD-006/) })
  })
})

describe('documents: encodings', () => {
  const utf16be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16()

  it.each([
    ['utf-8', Buffer.from('Grüße')],
    ['utf-8 with a mark', Buffer.from('\uFEFFGrüße')],
    ['utf-16 little-endian with a mark', Buffer.from('\uFEFFGrüße', 'utf16le')],
    ['utf-16 big-endian with a mark', utf16be('\uFEFFGrüße')],
  ])('%s is decoded', async (name, bytes) => {
    const file = `${name}.txt`
    writeFileSync(join(root, file), bytes)

    const resolved = await resolver().resolve(encodeURIComponent(file), base, 'data')

    expect(resolved).toMatchObject({ found: true, source: { text: 'Grüße' } })
  })

  it.each([
    ['latin', Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><a>ü</a>', 'latin1')],
    [
      'cyrillic',
      Buffer.concat([
        Buffer.from("<?xml version='1.0' encoding='windows-1251'?><a>"),
        Buffer.from([0xff]),
        Buffer.from('</a>'),
      ]),
    ],
    ['utf16 without mark', Buffer.from('<?xml version="1.0" encoding="UTF-16"?><a>ü</a>', 'utf16le')],
    ['utf16 declared but not used', Buffer.from('<?xml version="1.0" encoding="UTF-16"?><a>ü</a>')],
  ])('an xml declaration is followed: %s', async (name, bytes) => {
    writeFileSync(join(root, `${name}.xml`), bytes)

    const resolved = await resolver().resolve(`${name}.xml`, base, 'document')

    expect(resolved).toMatchObject({ found: true, source: { text: expect.stringMatching(/<a>[üя]<\/a>$/) } })
  })

  it('bytes that are not of their encoding, and unknown encodings, have a reason', async () => {
    writeFileSync(join(root, 'latin.js'), Buffer.from('// ü', 'latin1'))
    writeFileSync(join(root, 'unknown.xml'), '<?xml version="1.0" encoding="klingon"?><a/>')

    expect(await reasonOf('latin.js')).toMatch(/^SEG-LOAD-004 .*: it is not valid utf-8$/)
    expect(await reasonOf('latin.js', { defaultEncoding: 'windows-1252' })).toContain('found')
    expect(await reasonOf('unknown.xml')).toMatch(/^SEG-LOAD-004 .*encoding "klingon" is not known$/)
  })
})

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve))
}

async function webServer(answer: (request: IncomingMessage, response: ServerResponse, count: number) => void) {
  const seen: IncomingMessage[] = []
  const server = createServer((request, response) => {
    seen.push(request)
    answer(request, response, seen.length)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  )
  const address = server.address()
  return { seen, origin: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}` }
}

describe('documents from web servers', () => {
  it('only allowed origins are asked; loopback has to be opened', async () => {
    const server = await webServer((_request, response) => response.end('<scxml/>'))
    const href = `${server.origin}/a.scxml`

    expect(await reasonOf(href)).toMatch(/^SEG-LOAD-001/)
    expect(await reasonOf(href, { httpAllow: ['http://127.0.0.1:1'] })).toMatch(/^SEG-LOAD-001/)
    expect(server.seen).toHaveLength(0)
    expect(await reasonOf(href, { httpAllow: [server.origin] })).toBe(`found ${href}`)
    expect(await reasonOf(href, { allowLoopback: true })).toBe(`found ${href}`)
    expect(await reasonOf('http://127.0.0.1.example.com/x', { allowLoopback: true })).toMatch(/^SEG-LOAD-001/)
  })

  it('an address with a password is refused without repeating the password', async () => {
    const reason = await reasonOf('http://user:hidden@127.0.0.1/x', { allowLoopback: true })

    expect(reason).toMatch(/^SEG-LOAD-006/)
    expect(reason).not.toContain('hidden')
  })

  it('a redirect is followed inside of the allowed origins only, and the final address counts', async () => {
    const other = await webServer((_request, response) => response.end('other'))
    const server = await webServer((request, response) => {
      if (request.url === '/in') response.writeHead(302, { location: '/real.scxml' }).end()
      else if (request.url === '/out') response.writeHead(302, { location: `${other.origin}/x` }).end()
      else response.end('<scxml/>')
    })
    const options = { httpAllow: [server.origin] }

    expect(await reasonOf(`${server.origin}/in`, options)).toBe(`found ${server.origin}/real.scxml`)
    expect(await reasonOf(`${server.origin}/out`, options)).toMatch(/^SEG-LOAD-005 .*not allowed$/)
    expect(other.seen).toHaveLength(0)
  })

  it('statuses, silence, refusal and size have their reasons', async () => {
    const server = await webServer((request, response) => {
      if (request.url === '/missing') response.writeHead(404).end()
      else if (request.url === '/broken') response.writeHead(500).end()
      else if (request.url === '/large') response.end('x'.repeat(101))
    })
    const options = { httpAllow: [server.origin, 'http://127.0.0.1:1'], limits: { maxBytes: 100, timeoutS: 5 } }
    const { resolve, clock } = resolver(options)
    const silent = resolve(`${server.origin}/silent`, base, 'document')
    await until(() => server.seen.length === 1)
    clock.advance({ seconds: 5 })

    expect(await silent).toMatchObject({ found: false, reason: expect.stringMatching(/^SEG-LOAD-005 .*within 5 s$/) })
    expect(await reasonOf(`${server.origin}/missing`, options)).toMatch(/^SEG-LOAD-002 .*404$/)
    expect(await reasonOf(`${server.origin}/broken`, options)).toMatch(/^SEG-LOAD-005 .*500$/)
    expect(await reasonOf(`${server.origin}/large`, options)).toMatch(/^SEG-LOAD-003/)
    expect(await reasonOf('http://127.0.0.1:1/x', options)).toMatch(/^SEG-LOAD-005/)
  })

  it('the charset of the answer is used, a byte order mark wins over it', async () => {
    const server = await webServer((request, response) => {
      response.writeHead(200, { 'content-type': 'text/xml; charset="iso-8859-1"' })
      response.end(request.url === '/mark' ? Buffer.from('\uFEFFü') : Buffer.from('ü', 'latin1'))
    })
    const { resolve } = resolver({ httpAllow: [server.origin] })

    expect(await resolve(`${server.origin}/plain`, base, 'document')).toMatchObject({ source: { text: 'ü' } })
    expect(await resolve(`${server.origin}/mark`, base, 'document')).toMatchObject({ source: { text: 'ü' } })
  })

  it('a fresh document is not asked for again, a stale one is revalidated', async () => {
    const server = await webServer((request, response) => {
      const headers = { 'cache-control': 'max-age=60', etag: '"v1"' }
      if (request.headers['if-none-match'] === '"v1"') response.writeHead(304, headers).end()
      else response.writeHead(200, headers).end('<scxml/>')
    })
    const { resolve, clock } = resolver({ httpAllow: [server.origin] })
    const ask = () => resolve(`${server.origin}/a.scxml`, base, 'document')

    await ask()
    clock.advance({ seconds: 59 })
    await ask()
    expect(server.seen).toHaveLength(1)
    clock.advance({ seconds: 1 })
    const again = await ask()
    clock.advance({ seconds: 59 })
    await ask()

    expect(again).toMatchObject({ found: true, source: { text: '<scxml/>' } })
    expect(server.seen).toHaveLength(2)
    expect(clock.pending).toBe(0)
  })

  it('the believed age is bounded, no-store is obeyed, and the cache forgets the least used', async () => {
    const server = await webServer((request, response) => {
      const age = request.url === '/private' ? 'no-store, max-age=60' : 'max-age=999999'
      response.writeHead(200, { 'cache-control': age }).end('x'.repeat(40))
    })
    const limits = { maxAgeS: 100, maxEntries: 2, maxTotalBytes: 100 }
    const { resolve, clock } = resolver({ httpAllow: [server.origin], limits })
    const asked = async (path: string): Promise<boolean> => {
      const before = server.seen.length
      await resolve(server.origin + path, base, 'data')
      return server.seen.length > before
    }

    expect([await asked('/private'), await asked('/private')]).toEqual([true, true])
    expect([await asked('/a'), await asked('/b'), await asked('/a'), await asked('/c')]).toEqual([
      true,
      true,
      false,
      true,
    ])
    expect([await asked('/a'), await asked('/b')]).toEqual([false, true])
    clock.advance({ seconds: 100 })
    expect(await asked('/b')).toBe(true)
  })

  it('sessions that start together ask once', async () => {
    const server = await webServer((_request, response) => response.end('<scxml/>'))
    const { resolve } = resolver({ httpAllow: [server.origin] })
    const ask = () => resolve(`${server.origin}/a.scxml`, base, 'document')

    const all = await Promise.all([ask(), ask(), ask()])

    expect(all.every((each) => each.found)).toBe(true)
    expect(server.seen).toHaveLength(1)
  })
})
