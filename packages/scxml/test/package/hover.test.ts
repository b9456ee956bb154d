import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

/** A program of somebody who embeds the engine. It need not exist as a file. */
const program = `
import { activeStates, createApplication, createSession, parse, restore, sameRealm, snapshot, standaloneHost, start, step } from '@segue/scxml'

const { chart, diagnostics } = await parse('')
if (chart === undefined) throw new Error(diagnostics.map(({ message }) => message).join())
const application = createApplication(chart, sameRealm())
const session = createSession(application, { sessionId: 'S', parameters: {}, ioProcessors: '{}' })
const first = start(session, { nowMs: 0, seed: 1 }, standaloneHost())
const outcome = step(session, { kind: 'event', name: 'go' }, { nowMs: 0, seed: 1 }, standaloneHost())
const saved = snapshot(session)
const later = restore(application, saved)
const active = activeStates(later)
for (const effect of [...first.effects, ...outcome.effects]) if (effect.kind === 'timer') effect.dueEpochMs.toFixed()
active.join()
`

describe('in an editor', () => {
  const path = fileURLToPath(new URL('../../embedding.ts', import.meta.url))
  const service = serviceFor(path)

  it('a program that embeds the engine has no type errors', () => {
    const found = service.getSemanticDiagnostics(path)

    expect(found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).toEqual([])
  }, 60_000)

  it.each([
    ['parse(', 'parse(text: string, options?: ParseOptions): Promise<Loaded>'],
    ['createApplication(', 'createApplication(chart: Chart, realm: Realm, options?: BindOptions): Application'],
    ['createSession(', 'createSession(application: Application, identity: SessionIdentity): Session'],
    ['start(', 'start(session: Session, input: StepInput, host: StepHost): StepOutcome'],
    [
      'step(',
      'step(session: Session, event: IncomingEvent | undefined, input: StepInput, host: StepHost): StepOutcome',
    ],
    ['snapshot(', 'snapshot(session: Session, latest?: ScopeChanges): SessionSnapshot'],
    ['restore(', 'restore(application: Application, snapshot: SessionSnapshot): Session'],
    ['chart, diag', 'const chart: Chart | undefined'],
    ['outcome =', 'const outcome: StepOutcome'],
    ['saved =', 'const saved: SessionSnapshot'],
    ['active =', 'const active: readonly string[]'],
  ])('a hover over "%s" reads "%s"', (place, expected) => {
    const { signature } = hover(place)

    expect(signature).toBe(expected)
  })

  it('a hover over a function says what it is for', () => {
    expect(hover('parse(').documentation).toMatch(/^Loads a document that is at hand as text/)
    expect(hover('step(').documentation).toMatch(/^Takes one incoming event/)
  })

  function hover(place: string): { readonly signature: string; readonly documentation: string } {
    const offset = program.indexOf(` ${place}`) + 1
    const info = service.getQuickInfoAtPosition(path, offset)
    const signature = ts.displayPartsToString(info?.displayParts).replace(/^\(alias\) (?:function )?/, '')
    return {
      // An alias also shows the import that it came by.
      signature: signature.split('\nimport ')[0] ?? '',
      documentation: ts.displayPartsToString(info?.documentation),
    }
  }
})

/** The settings that the README names; `source` is no condition of an embedding project. */
function serviceFor(path: string): ts.LanguageService {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
    allowImportingTsExtensions: true,
    customConditions: ['source'],
  }
  const read = (name: string): string | undefined => (name === path ? program : ts.sys.readFile(name))
  return ts.createLanguageService({
    getCompilationSettings: () => options,
    getScriptFileNames: () => [path],
    getScriptVersion: () => '1',
    getScriptSnapshot: (name) => {
      const text = read(name)
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text)
    },
    getCurrentDirectory: () => fileURLToPath(new URL('../..', import.meta.url)),
    getDefaultLibFileName: (settings) => ts.getDefaultLibFilePath(settings),
    fileExists: (name) => name === path || ts.sys.fileExists(name),
    readFile: read,
    directoryExists: ts.sys.directoryExists,
    getDirectories: ts.sys.getDirectories,
  })
}
