import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sharedFolder } from '@segue/testing'
import { contextRealm } from '@segue/runtime'
import { bindProgram } from '../../src/script/bind-program.ts'
import { compileScripts } from '../../src/script/compile-scripts.ts'
import type { ScriptPiece, ScriptUnit } from '../../src/script/contract.ts'
import { mapped, ScriptWorld } from './script-world.ts'

const shared = sharedFolder()
const folder = shared === undefined ? undefined : join(shared, 'fixtures', 'apps')
if (folder === undefined) console.warn('fixture applications are not there: tests of their scripts are skipped')

/** Every script and expression of a page, found by its markup alone; includes are read where they stand. */
function unitOf(pages: readonly string[]): ScriptUnit {
  const pieces: ScriptPiece[] = []
  const dataIds: string[] = []
  const add = (kind: ScriptPiece['kind'], text: string, isDocumentLevel = false): void => {
    pieces.push({ kind, text: mapped(text), prefix: '', isDocumentLevel })
  }
  for (const page of pages) {
    const text = readFileSync(page, 'utf8')
    for (const [, id] of text.matchAll(/<data\s+id="([^"]+)"/g)) dataIds.push(id ?? '')
    for (const [, content = ''] of text.matchAll(/<script>([\s\S]*?)<\/script>/g)) {
      const include = /xi:include href="([^"]+)"/.exec(content)?.[1]
      if (include !== undefined) {
        const file = join(dirname(page), include)
        const found = readdirSync(dirname(file)).find(
          (name) => name.toLowerCase() === file.split('/').at(-1)?.toLowerCase(),
        )
        if (found !== undefined) add('script', readFileSync(join(dirname(file), found), 'utf8'), true)
      } else add('script', decode(content.replace(/<!--[\s\S]*?-->/g, '').replace(/<!\[CDATA\[([\s\S]*?)\]\]>/g, '$1')))
    }
    for (const [, name, content = ''] of text.matchAll(/\s(cond|expr|location|requestid|idlocation)="([^"]*)"/g)) {
      const isWritten = name === 'location' || name === 'requestid' || name === 'idlocation'
      add(name === 'cond' ? 'condition' : isWritten ? 'location' : 'value', decode(content))
    }
  }
  return { dialect: 'orchestration', dataIds, pieces }
}

function decode(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&')
}

function pagesBelow(path: string): readonly string[] {
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.scxml'))
    .map((name) => join(path, name))
}

describe.skipIf(folder === undefined)('scripts of the fixture applications', () => {
  const applications = ['bank-inbound', 'business-hours', 'minimal', 'subroutines', 'broken']

  it.each(applications)('%s compiles, binds, and only the mistake made on purpose is warned about', (name) => {
    const compiled = compileScripts(unitOf(pagesBelow(join(folder ?? '', name))))

    expect(compiled.diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual(
      name === 'broken' ? ['SEG-SCRIPT-003 name "price" is read but nothing declares it'] : [],
    )
    expect(() => bindProgram(compiled, contextRealm())).not.toThrow()
  })

  it('the libraries of bank-inbound run, and what they declare works and survives saving', () => {
    const unit = unitOf(pagesBelow(join(folder ?? '', 'bank-inbound')))
    const libraries = unit.pieces.filter((one) => one.isDocumentLevel)
    const questions = [
      `isBlank('n/a') + ',' + isBlank({}) + ',' + toNumber('5') + ',' + fill('{0}-{1}', 'a', 2)`,
      `fromJson('{"a": {"b": [1]}}').a.b[0] + fieldOf({ x: { y: 6 } }, 'x.y') + plural(2, 'call') + without({ p: 1, q: 2 }, 'p').q`,
      `pageFolder() + ' ' + projectUrl() + ' ' + whereAmI()`,
      `insideSpan('08:00-17:00', new Date(2020, 1, 1, 9)) + stamp(nextWorkday(new Date(2020, 0, 3))) + twoDigits(7)`,
      `callerNumber('ixn1') + routeTypeFor('Default') + firstInteraction() + userDataOf('k', 'ixn1') + hasVoice('other')`,
      `setting('list', 'item', 'key', 'otherwise')`,
    ]
    const pieces = [
      ...libraries.map((one) => ({ kind: 'script' as const, text: one.text.text, isDocumentLevel: true })),
      ...questions.map((text) => ({ kind: 'value' as const, text })),
    ]
    const world = new ScriptWorld(contextRealm(), pieces, {
      modules: [
        { root: 'ixn', functions: ['setuData'], constants: '{}' },
        { root: 'queue', functions: [], constants: '{"rType":{"RouteTypeDefault":3}}' },
        { root: 'session', functions: ['getListItemValue'], constants: '{}' },
      ],
      views: {
        ixn: '{"interactions":{"$list":[{"g_uid":"ixn1","voice":{"ani":"55"},"udata":{"k":"v"}}],"$key":"g_uid"},"firstixnid":"ixn1"}',
      },
    })
    libraries.forEach((_, id) => world.program.run(id))
    const saved = world.reload()
    const answers = questions.map((_, index) => world.program.evaluate(libraries.length + index))

    expect(answers).toEqual([
      'true,true,5,a-2',
      '72 calls2',
      'http://host/app/ http://host/ active',
      'true2020-01-06 00:00:0007',
      '553ixn1vfalse',
      'otherwise',
    ])
    expect(Object.keys(saved.groups)).toEqual(['$.NW_LIST'])
  })
})
