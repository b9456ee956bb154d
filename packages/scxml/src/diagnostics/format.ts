import { lineText, positionAt } from '../source/source.ts'
import type { Span } from '../source/source.ts'
import type { Diagnostic, Severity } from './diagnostic.ts'

/** How findings are shown. */
export interface FormatOptions {
  /** With colours of a terminal. */
  readonly color?: boolean
  /** Folder (`file:` URL); addresses below it are shown relative to it. */
  readonly base?: string
}

/** Longest stretch of a source line that is shown. */
const windowWidth = 100
/** What stays visible in front of the place when a line is cut. */
const windowLead = 40

/**
 * One finding as people read it: `file:line:col severity CODE message`, the source line with a caret, the hint.
 * Control characters of the source are shown as spaces, tabs stay tabs.
 */
export function formatDiagnostic(diagnostic: Diagnostic, options: FormatOptions = {}): string {
  const { code, severity, message, hint, span } = diagnostic
  const paint = options.color === true ? painted : plain
  const { line, column } = positionAt(span.source, span.start)
  const place = `${displayPath(span.source.url, options.base)}:${line}:${column}`
  const head = `${paint(place, 'bold')} ${paint(severity, severity)} ${paint(code, 'dim')} ${visible(message)}`
  const lines = [head, ...snippet(span, (text) => paint(text, severity))]
  if (hint !== undefined && hint !== '') lines.push(`  ${paint('hint:', 'dim')} ${visible(hint)}`)
  return lines.join('\n')
}

/** Address as a person would write it: the path of a `file:` URL, relative to `base` when it lies below. */
export function displayPath(url: string, base?: string): string {
  const folder = base === undefined || base.endsWith('/') ? base : `${base}/`
  if (folder !== undefined && url.startsWith(folder) && url.length > folder.length) {
    return visible(decode(url.slice(folder.length)))
  }
  return visible(url.startsWith('file:///') ? decode(url.slice('file://'.length)) : url)
}

function snippet(span: Span, paint: (text: string) => string): readonly string[] {
  const { line, column } = positionAt(span.source, span.start)
  const text = lineText(span.source, line)
  if (text.trim() === '') return []
  const place = column - 1
  const first = text.length > windowWidth && place > windowWidth - windowLead ? place - windowLead : 0
  const last = Math.min(text.length, first + windowWidth)
  const before = first > 0 ? '…' : ''
  const after = last < text.length ? '…' : ''
  const shown = before + visible(text.slice(first, last)) + after
  const width = Math.max(1, Math.min(span.end - span.start, last - place))
  // The same tabs under the same tabs: whatever a tab is worth, the caret stands below its place.
  const indent = (before === '' ? '' : ' ') + text.slice(first, place).replace(/[^\t]/g, ' ')
  return [`  ${shown}`, `  ${indent}${paint('^'.repeat(width))}`]
}

/** Nothing of a document may steer the terminal that shows it. */
function visible(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, (control) => (control === '\t' ? '\t' : ' '))
}

function decode(path: string): string {
  try {
    return decodeURI(path)
  } catch {
    return path
  }
}

type Paint = Severity | 'bold' | 'dim'

const sequences: Readonly<Record<Paint, string>> = { error: '31;1', warning: '33;1', info: '36;1', bold: '1', dim: '2' }

function painted(text: string, paint: Paint): string {
  return `\u001b[${sequences[paint]}m${text}\u001b[0m`
}

function plain(text: string): string {
  return text
}
