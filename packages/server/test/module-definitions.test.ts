import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { asConfigurationFinding, readModuleDefinitions } from '../src/read-module-definitions.ts'
import { startApiNode } from './api-node.ts'

describe('scxml-dialect 13: definition files of a node', () => {
  it('"actions then become HTTP calls to the listed servers"', async () => {
    const asked: string[] = []
    const peer = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`)
      response.end('taken')
    })
    await new Promise<void>((resolve) => peer.listen(0, '127.0.0.1', resolve))
    const { port } = peer.address() as AddressInfo
    await using api = await startApiNode({
      documents: {
        'segue.json': JSON.stringify({ moduleDefinitions: ['modules/callback.dfm'] }),
        'modules/callback.dfm': `<dfm name="callback" namespace="www.example.com/cb"><connection type="http"><server url="http://127.0.0.1:${port}"/></connection>
          <transport name="notify" conntype="http" url="/notify"/></dfm>`,
        'main.scxml': `<scxml xmlns="http://www.w3.org/2005/07/scxml" xmlns:cb="www.example.com/cb" profile="ecmascript" version="1.0" initial="s"><datamodel><data id="got" expr="''"/></datamodel>
          <state id="s"><onentry><cb:notify/></onentry><transition event="callback.notify.done" target="t"><assign location="_data.got" expr="_event.data.content"/></transition></state><state id="t"/></scxml>`,
      },
    })
    try {
      const id = await api.start('main.scxml')
      const session = await api.until(id, ({ states }) => (states as string[]).includes('t'))

      expect(session.body['data']).toMatchObject({ got: 'taken' })
      expect(asked).toEqual(['POST /notify'])
    } finally {
      peer.closeAllConnections()
      await new Promise((resolve) => peer.close(resolve))
    }
  })
})

describe('files that cannot be read', () => {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'segue-dfm-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  const findingsOf = async (urls: readonly string[]): Promise<readonly string[]> => {
    const { diagnostics, text } = await readModuleDefinitions(urls)
    expect(text).toBe('')
    return diagnostics
      .map(asConfigurationFinding)
      .map(({ code, column, file, line }) => `${file}:${line}:${column} ${code}`)
  }

  it('are findings with their names, and no module is declared', async () => {
    await mkdir(join(folder, 'folder.dfm'))
    await writeFile(join(folder, 'large.dfm'), 'x'.repeat(70_000))
    await writeFile(join(folder, 'broken.dfm'), '<dfm name="x"\n namespace="y"><x/></dfm>')
    const urls = ['none.dfm', 'folder.dfm', 'large.dfm'].map((name) => pathToFileURL(join(folder, name)).href)

    expect(await findingsOf([...urls, 'http://elsewhere.example/x.dfm'])).toEqual([
      `${folder}/none.dfm:1:1 SEG-DFM-008`,
      `${folder}/folder.dfm:1:1 SEG-DFM-008`,
      `${folder}/large.dfm:1:1 SEG-DFM-008`,
      'http://elsewhere.example/x.dfm:1:1 SEG-DFM-008',
    ])
    expect(await findingsOf([pathToFileURL(join(folder, 'broken.dfm')).href])).toEqual([
      `${folder}/broken.dfm:2:17 SEG-DFM-001`,
    ])
  })

  it('a node with a broken one does not start', async () => {
    const documents = { 'segue.json': JSON.stringify({ moduleDefinitions: ['x.dfm'] }), 'x.dfm': '<dfm/>' }

    await expect(startApiNode({ documents })).rejects.toThrow('"dfm" needs the attribute "name"')
  })
})
