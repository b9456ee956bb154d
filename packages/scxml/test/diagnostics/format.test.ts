import { describe, expect, it } from 'vitest'
import { displayPath, formatDiagnostic } from '../../src/diagnostics/format.ts'
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts'
import { withoutSuppressed } from '../../src/diagnostics/suppress.ts'

function finding(text: string, word: string, more: Partial<Diagnostic> = {}): Diagnostic {
  const start = text.indexOf(word)
  const source = { url: 'file:///home/me/app/page.scxml', text }
  return {
    code: 'SEG-DOC-012',
    severity: 'warning',
    message: 'it is odd',
    span: { source, start, end: start + word.length },
    ...more,
  }
}

describe('formatDiagnostic', () => {
  it('shows place, severity, code, message, the line with a caret, and the hint', () => {
    const shown = formatDiagnostic(finding('one\n  two three\nfour', 'three', { hint: 'try this' }))

    expect(shown.split('\n')).toEqual([
      '/home/me/app/page.scxml:2:7 warning SEG-DOC-012 it is odd',
      '    two three',
      '        ^^^^^',
      '  hint: try this',
    ])
  })

  it('repeats the tabs of the line in front of the caret', () => {
    const shown = formatDiagnostic(finding('\t\ta\tbcd', 'bcd'))

    expect(shown.split('\n').slice(1)).toEqual(['  \t\ta\tbcd', '  \t\t \t^^^'])
  })

  it('cuts a long line around the place', () => {
    const shown = formatDiagnostic(finding(`${'x'.repeat(5000)}here${'y'.repeat(5000)}`, 'here')).split('\n')

    expect(shown[1]).toBe(`  …${'x'.repeat(40)}here${'y'.repeat(56)}…`)
    expect(shown[2]).toBe(`  ${' '.repeat(41)}^^^^`)
  })

  it('a span over several lines is marked on its first', () => {
    const shown = formatDiagnostic(finding('<a\nb="1">', '<a\nb="1">')).split('\n')

    expect(shown.slice(1)).toEqual(['  <a', '  ^^'])
  })

  it('an empty line and an empty text are left out', () => {
    expect(formatDiagnostic(finding('', ''))).toBe('/home/me/app/page.scxml:1:1 warning SEG-DOC-012 it is odd')
  })

  it('control characters of a document do not reach the terminal', () => {
    const shown = formatDiagnostic(finding('a\u001b[31mb', 'b', { message: 'x\u001b]0;y\u0007' }))

    expect(shown).not.toContain('\u001b')
    expect(shown).not.toContain('\u0007')
  })

  it('paints only when asked to', () => {
    const shown = formatDiagnostic(finding('abc', 'b'), { color: true })

    expect(shown).toContain('\u001b[33;1mwarning\u001b[0m')
    expect(formatDiagnostic(finding('abc', 'b'))).not.toContain('\u001b')
  })

  it.each([
    ['file:///home/me/app/a%20b.scxml', 'file:///home/me', 'app/a b.scxml'],
    ['file:///home/me/app/x.scxml', 'file:///home/me/', 'app/x.scxml'],
    ['file:///home/me2/x.scxml', 'file:///home/me', '/home/me2/x.scxml'],
    ['http://host/x.scxml', 'file:///home/me', 'http://host/x.scxml'],
    ['file:///a/%E0%A4%A', undefined, '/a/%E0%A4%A'],
  ])('%s seen from %s is %s', (url, base, expected) => {
    expect(displayPath(url, base)).toBe(expected)
  })
})

describe('withoutSuppressed', () => {
  const comment = '<!-- segue-ignore SEG-DOC-012 SEG-DOC-009 -->'

  it.each([
    ['its start tag', `${comment}\n  <a b="> WORD"/>`, 0],
    ['an element behind further comments', `${comment} <!-- x --> <a WORD="1"/>`, 0],
    ['the text of a script', `${comment}<script>x(); WORD</script>`, 0],
    ['a child', `${comment}<a><b WORD="1"/></a>`, 1],
    ['an element after it', `${comment}<a/><b WORD="1"/>`, 1],
    ['an element before it', `<b WORD="1"/>${comment}<a/>`, 1],
    ['an element with text between', `${comment} text <a WORD="1"/>`, 1],
    ['another code', `<!-- segue-ignore SEG-DOC-013 --><a WORD="1"/>`, 1],
    ['a comment that is never closed', `<!-- segue-ignore SEG-DOC-012 <a WORD="1"/>`, 1],
  ])('a comment and %s', (_, text, left) => {
    expect(withoutSuppressed([finding(text, 'WORD')])).toHaveLength(left)
  })

  it('errors stay', () => {
    const found = [finding(`${comment}<a WORD="1"/>`, 'WORD', { severity: 'error' })]

    expect(withoutSuppressed(found)).toEqual(found)
  })
})
