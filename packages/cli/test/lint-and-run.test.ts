import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, inject, it } from 'vitest'
import { scratchFolder, segue, segueProcess } from './command-line.ts'

const PAGE = 'examples/business-hours/src-gen/IPD_ferryDesk.scxml'

describe('segue', () => {
  it.skipIf(inject('buildFailure') !== '')(
    'as a process gives what it found on stdout, the rest on stderr, and a code',
    async () => {
      const { exitCode, stdout, stderr } = await segueProcess('lint', '../shared-nothing.scxml')

      expect(exitCode).toBe(1)
      expect(stdout).toMatch(/shared-nothing\.scxml:1:1 error SEG-DOC-001/)
      expect(stderr).toBe('1 document, 1 error, 0 warnings\n')
    },
  )

  it('--help shows examples first, then commands and exit codes', async () => {
    const { exitCode, stdout, stderr } = await segue('--help')

    expect(exitCode).toBe(0)
    expect(stderr).toBe('')
    expect(stdout).toMatch(/^Examples:\n {2}segue [^]*Usage: segue[^]*Commands:[^]*Exit codes: 0 ok/)
    for (const command of ['sim', 'serve', 'dev', 'run', 'lint', 'call', 'agent', 'session', 'sim-switch']) {
      expect(stdout).toMatch(new RegExp(`^ {2}${command}\\b`, 'm'))
    }
  })

  it.each([
    [['bogus'], 2, /unknown command 'bogus'/],
    [['run'], 2, /missing required argument 'document'[^]*hint/],
    [['run', PAGE, '--at', 'noon'], 2, /must be a time/],
    [['run', PAGE, '--param', 'bad'], 2, /"bad" is not of the form key=value/],
    [['run', 'none.scxml'], 5, /there is no document "none.scxml"/],
    [['lint', 'docs/adr'], 2, /no \.scxml document in "docs\/adr"/],
    [['serve', '/nonexistent'], 3, /there is no folder "\/nonexistent"[^]*hint/],
    [['serve', 'docs'], 3, /no configuration in "docs"[^]*hint/],
    [['serve', 'examples/business-hours', '--allow-origin', 'http://a.example/path'], 2, /is no origin[^]*hint/],
    [['session', 'list', '--data', '/nonexistent'], 4, /no server is running[^]*hint/],
    [['session', 'list', '--url', 'http://127.0.0.1:1'], 4, /nobody answers at/],
    [['session', 'list', '--url', 'nonsense'], 2, /"nonsense" is no address/],
  ])('%j ends with %i and says why', async (words, wanted, message) => {
    const { exitCode, stdout, stderr } = await segue(...words)

    expect(exitCode).toBe(wanted)
    expect(stderr).toMatch(message)
    expect(stdout).toBe('')
  })
})

describe('segue lint', () => {
  it('shows place, code, source line with a caret, and a hint', async () => {
    await using folder = await scratchFolder()
    const file = join(folder.path, 'page.scxml')
    await writeFile(
      file,
      '<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" initial="open">\n  <state id="open"><transition event="x" target="opne"/></state>\n</scxml>\n',
    )

    const plain = await segue('lint', file)
    const json = await segue('lint', '--json', file)

    expect([plain.exitCode, json.exitCode]).toEqual([1, 1])
    expect(plain.stdout).toBe(`${file}:2:50 error SEG-DOC-021 target "opne" does not exist
    <state id="open"><transition event="x" target="opne"/></state>
                                                   ^^^^
  hint: did you mean "open"?

`)
    expect(plain.stderr).toBe('1 document, 1 error, 0 warnings\n')
    expect(JSON.parse(json.stdout)).toMatchObject({
      errors: 1,
      findings: [{ code: 'SEG-DOC-021', severity: 'error', line: 2, column: 50 }],
    })
  })

  it('knows the modules of definition files, and says what is wrong with one', async () => {
    await using folder = await scratchFolder()
    const [page, good, bad] = ['page.scxml', 'cb.dfm', 'bad.dfm'].map((name) => join(folder.path, name))
    if (page === undefined || good === undefined || bad === undefined) throw new Error('no names')
    await writeFile(
      page,
      '<scxml xmlns="http://www.w3.org/2005/07/scxml" xmlns:cb="www.example.com/cb" profile="ecmascript" version="1.0" initial="a"><state id="a"><onentry><cb:notify/></onentry></state></scxml>',
    )
    await writeFile(
      good,
      '<dfm name="cb" namespace="www.example.com/cb"><connection type="http"><server url="http://one.example"/></connection><transport name="notify" conntype="http" url="/n"/></dfm>',
    )
    await writeFile(bad, '<dfm name="cb"\n/>')

    const without = await segue('lint', page)
    const known = await segue('lint', '--modules', good, page)
    const broken = await segue('lint', page, '--modules', bad)

    expect([without.exitCode, known.exitCode, broken.exitCode]).toEqual([1, 0, 1])
    expect(broken.stdout).toContain(`${bad}:1:2 error SEG-DFM-002`)
  })

  it('takes a page that another one includes as a part of it', async () => {
    const { exitCode, stdout, stderr } = await segue('lint', 'examples/business-hours', '--max-warnings', '0')

    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' })
    expect(stderr).toBe('1 document (with 1 part), 0 errors, 0 warnings\n')
  })
})

describe('segue run', () => {
  it('--call tells the story of a call with the configuration around the document', async () => {
    const { exitCode, stdout, stderr } = await segue('run', PAGE, '--call', '--at', '2024-01-17T09:00:00Z')

    expect(exitCode).toBe(0)
    expect(stderr).toBe('the session has ended\n')
    expect(stdout).toMatch(/^09:00:00\.000 {2}state {6}_composer_globalstate$/m)
    expect(stdout).toMatch(/^ {14}transition ferryDesk\.BranchHours -> ferryDesk\.Greeting/m)
    expect(stdout).toMatch(
      /^ {14}action {5}queue:submit route=true .*queue="Ferry_Desk_VQ" timeout=15 .*\[line \d+\]$/m,
    )
    expect(stdout).toMatch(/^ {14}event {6}queue\.submit\.done$/m)
    expect(stdout).toMatch(/^ {14}end {8}final$/m)
    expect(stdout).not.toMatch(/ (exit|notice|commands) /)
  })

  it('--at a holiday goes another way', async () => {
    const { stdout } = await segue('run', PAGE, '--call', '--at', '2024-06-21T10:00:00Z')

    expect(stdout).toContain('PlayHoliday')
    expect(stdout).not.toContain('queue:submit')
  })

  it('--json prints one record a line, --verbose everything', async () => {
    const json = await segue('run', PAGE, '--call', '--json')
    const verbose = await segue('run', PAGE, '--call', '--verbose')

    const records = json.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { kind: string })
    expect(records.some(({ kind }) => kind === 'action')).toBe(true)
    expect(verbose.stdout.trimEnd().split('\n')).toHaveLength(records.length)
  })

  it('gives parameters and events to the session, and errors a code', async () => {
    await using folder = await scratchFolder()
    const file = join(folder.path, 'page.scxml')
    await writeFile(
      file,
      `<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" datamodel="ecmascript" initial="open">
  <datamodel><data id="name" expr="'nobody'"/></datamodel>
  <state id="open">
    <onentry><log expr="'hello ' + name"/></onentry>
    <transition event="fail" target="open"><assign location="name" expr="missing.member"/></transition>
  </state>
</scxml>`,
    )

    const good = await segue('run', file, '--param', 'name=Ada', '--for', '1')
    const bad = await segue('run', file, '--event', 'fail', '--for', '1')

    expect(good).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('still in open after 1 s') as string })
    expect(good.stdout).toContain('hello Ada')
    expect(bad.exitCode).toBe(1)
    expect(bad.stdout).toMatch(/error {6}error\.execution: .*missing.*line 5/)
  })

  it('of a broken document shows the finding and runs nothing', async () => {
    await using folder = await scratchFolder()
    const file = join(folder.path, 'page.scxml')
    await writeFile(file, '<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0"><state id="a"></scxml>')

    const { exitCode, stdout, stderr } = await segue('run', file)

    expect(exitCode).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toMatch(/page\.scxml:1:\d+ error SEG-\w+-\d+ [^]*nothing was run/)
  })
})
