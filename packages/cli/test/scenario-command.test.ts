import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, inject, it } from 'vitest'
import { scratchFolder, segue, startSegue } from './command-line.ts'

const CONFIGURATION = {
  switches: [{ name: 'SIP', kind: 'simulated' }],
  applications: [{ name: 'app', url: 'app.scxml' }],
  dns: [{ number: '4200', switch: 'SIP', type: 'routepoint', application: 'app' }],
}
const DOCUMENT = `<scxml version="1.0" xmlns="http://www.w3.org/2005/07/scxml" profile="ecmascript" initial="a" name="app">
<state id="a"><transition event="go" target="b"/><transition event="other" target="b"/></state><state id="b"/></scxml>`
const GOOD = `scenarios:
  - scenario: it goes to b
    tags: [quick]
    when: { start: { document: app.scxml }, event: go }
    then: { state: b }
`
const BAD = `scenarios:
  - scenario: it stays <in> "a"
    when: { start: { document: app.scxml }, event: go }
    then: { state: a }
  - { scenario: later, skip: not yet }
`

async function project(files: Readonly<Record<string, string>>): Promise<AsyncDisposable & { readonly path: string }> {
  const folder = await scratchFolder()
  const all = { 'segue.yaml': JSON.stringify(CONFIGURATION), 'app.scxml': DOCUMENT, ...files }
  for (const [name, text] of Object.entries(all)) await writeFile(join(folder.path, name), text)
  return folder
}

describe('segue test', () => {
  it('runs every scenario below a folder, and ends with 0 when all pass', async () => {
    await using folder = await project({ 'good.scenario.yaml': GOOD })

    const { exitCode, stdout, stderr } = await segue('test', folder.path)

    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/good\.scenario\.yaml\n {2}✓ it goes to b \(\d+ ms\)\n$/)
    expect(stderr).toMatch(/^1 passed, 0 failed in [\d.]+ s\n$/)
  })

  it('ends with 1 when one fails, with its story; JUnit and JSON say the same', async () => {
    await using folder = await project({ 'bad.scenario.yaml': BAD, 'good.scenario.yaml': GOOD })
    const junit = join(folder.path, 'out', 'report.xml')

    const plain = await segue('test', folder.path, '--junit', junit)
    const json = await segue('test', folder.path, '--json')

    expect([plain.exitCode, json.exitCode]).toEqual([1, 1])
    expect(plain.stdout).toMatch(/bad\.scenario\.yaml:4:13 error SEG-TEST-010 "state" is not as expected/)
    expect(plain.stdout).toMatch(/expected {2}a\n +seen {6}b\n +the story so far:/)
    expect(plain.stderr).toMatch(/^1 passed, 1 failed, 1 not run in/)
    const report = await readFile(junit, 'utf8')
    expect(report).toMatch(/<testsuites name="segue test" tests="3" failures="1" errors="0" skipped="1"/)
    expect(report).toMatch(/name="it stays &lt;in&gt; &quot;a&quot;"/)
    expect(report).toMatch(/<failure type="SEG-TEST-010" message="&quot;state&quot; is not as expected">/)
    expect(JSON.parse(json.stdout)).toMatchObject({
      passed: 1,
      failed: 1,
      skipped: 1,
      results: [
        {
          outcome: 'failed',
          line: 2,
          failure: { code: 'SEG-TEST-010', line: 4, differences: [{ what: 'state', expected: 'a', seen: 'b' }] },
        },
        { outcome: 'skipped', skip: 'not yet' },
        { outcome: 'passed', tags: ['quick'] },
      ],
    })
  })

  it('chooses scenarios by name, tag and file', async () => {
    await using folder = await project({ 'bad.scenario.yaml': BAD, 'good.scenario.yaml': GOOD })

    for (const grep of ['goes to', 'QUICK', 'good\\.sc']) {
      const { exitCode, stderr } = await segue('test', folder.path, '--grep', grep)
      expect([exitCode, stderr]).toEqual([0, expect.stringMatching(/^1 passed, 0 failed/)])
    }
    for (const skip of ['BAD', 'bad\\.sc']) {
      const { exitCode, stderr } = await segue('test', folder.path, '--skip', skip)
      expect([exitCode, stderr]).toEqual([0, expect.stringMatching(/^1 passed, 0 failed/)])
    }
    expect(await segue('test', folder.path, '--grep', 'nothing')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/no scenario fits/),
    })
  })

  it('takes the flags of a run', async () => {
    await using folder = await project({ 'good.scenario.yaml': GOOD })

    const { exitCode } = await segue(
      'test',
      folder.path,
      '--restart-after-each-event',
      '--seed',
      '7',
      '--timeout',
      '20',
    )

    expect(exitCode).toBe(0)
  })

  it('tells coverage, writes it, and fails when there is too little', async () => {
    await using folder = await project({ 'good.scenario.yaml': GOOD })
    const html = join(folder.path, 'html')
    const lcov = join(folder.path, 'lcov.info')

    const enough = await segue(
      'test',
      folder.path,
      '--coverage',
      '--html',
      html,
      '--lcov',
      lcov,
      '--min-transitions',
      '50',
    )
    const tooLittle = await segue('test', folder.path, '--min-transitions', '51')

    expect(enough.exitCode).toBe(0)
    expect(enough.stdout).toMatch(/app: states 2\/2 \(100 %\), transitions 1\/2 \(50 %\)/)
    expect(await readFile(join(html, 'index.html'), 'utf8')).toContain('01-app.html')
    expect(await readFile(join(html, '01-app.html'), 'utf8')).toContain('<svg')
    expect(await readFile(lcov, 'utf8')).toMatch(/^TN:\nSF:.*app\.scxml\n/)
    expect(tooLittle.exitCode).toBe(1)
    expect(tooLittle.stderr).toMatch(/SEG-TEST-014 only 50 % of the transitions of "app" are covered, 51 % are wanted/)
  })

  it('a file with errors ends with 3, and the others are run all the same', async () => {
    await using folder = await project({ 'broken.scenario.yaml': 'scenarois: []', 'good.scenario.yaml': GOOD })

    const { exitCode, stderr, stdout } = await segue('test', folder.path)

    expect(exitCode).toBe(3)
    expect(stderr).toMatch(
      /broken\.scenario\.yaml:1:1 error SEG-TEST-003 unknown key "scenarois"[^]*did you mean "scenarios"/,
    )
    expect(stdout).toMatch(/✓ it goes to b/)
  })

  it.each([
    [['nowhere'], /there is no file or folder "nowhere"/],
    [['docs/adr'], /SEG-TEST-015 there is no scenario file in "docs\/adr"[^]*hint/],
    [['--grep', '('], /must be a regular expression/],
    [['--seed', 'x'], /must be a whole number/],
    [['--timeout', '0'], /must be a number of seconds/],
    [['--min-transitions', '101'], /from 0 to 100/],
  ])('%j is a wrong use and ends with 2', async (words, message) => {
    expect(await segue('test', ...words)).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(message) })
  })

  it.skipIf(inject('buildFailure') !== '')('--watch runs again when a document or scenario changes', async () => {
    await using folder = await project({ 'good.scenario.yaml': GOOD })
    await mkdir(join(folder.path, 'sub'))
    await using running = startSegue('test', folder.path, '--watch')

    await running.sees(/1 passed, 0 failed[^]*watching/)
    await writeFile(join(folder.path, 'app.scxml'), DOCUMENT.replace('event="go" target="b"', 'event="go" target="a"'))
    await running.sees(/0 passed, 1 failed/)
    await writeFile(join(folder.path, 'sub', 'more.scenario.yaml'), GOOD.replace('it goes to b', 'another'))
    await running.sees(/✗ another[^]*0 passed, 2 failed/)
    running.child.kill('SIGINT')

    expect(await running.ended).toBe(0)
  })
})
