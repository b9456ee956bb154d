import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { diagnose } from '../errors.ts'
import { positionAt } from '../source/source.ts'
import type { Source, Span } from '../source/source.ts'
import { scanTag } from './scan-tag.ts'
import type { XmlElement } from './tree.ts'

/** Findings while one document is parsed. After the first fatal one the parser stops; others are collected up to a limit. */
export interface XmlProblems {
  add(diagnostic: Diagnostic): void
  /** An end tag that does not fit. */
  mismatch(found: string, open: string, openTag: Span | undefined, span: Span): Diagnostic
  /** Adds what the parser said; `true` when nothing sensible can follow. */
  translate(
    message: string,
    mark: number,
    position: number,
    parent: Pick<XmlElement, 'name' | 'tag'> | undefined,
  ): boolean
  found(): readonly Diagnostic[]
}

const maxProblems = 20

/** An empty collection of findings about `source`. */
export function createProblems(source: Source): XmlProblems {
  const { text } = source
  const diagnostics: Diagnostic[] = []

  function spanOf(start: number, end: number): Span {
    const from = Math.max(0, Math.min(start, text.length))
    return { source, start: from, end: Math.max(from, Math.min(end, text.length)) }
  }

  function mismatch(found: string, open: string, openTag: Span | undefined, span: Span): Diagnostic {
    const line = openTag === undefined ? '?' : positionAt(source, openTag.start).line
    return diagnose('SEG-XML-003', span, { found, open, line })
  }

  /** Name of the last attribute that fits in the tag at `start`, else the name of the tag itself. */
  function attributeIn(start: number, end: number, fits: (name: string) => boolean): Span {
    const tag = scanTag(text, start, end)
    const found = tag.attributes.findLast(({ nameStart, nameEnd }) => fits(text.slice(nameStart, nameEnd)))
    return found === undefined ? spanOf(tag.nameStart, tag.nameEnd) : spanOf(found.nameStart, found.nameEnd)
  }

  /** What the parser said about something that reading can go on after. */
  function recoverable(message: string, start: number, position: number): Diagnostic | undefined {
    const prefix = /^unbound namespace prefix: "(.*)"\.$/.exec(message)?.[1]
    if (prefix !== undefined) {
      const isTag = text.startsWith(`<${prefix}:`, start)
      const span = attributeIn(start, position, (name) => !isTag && name.startsWith(`${prefix}:`))
      return diagnose('SEG-XML-005', span, { prefix })
    }
    const attribute = /^duplicate attribute: (?:\{.*\})?(.*)\.$/.exec(message)?.[1]
    if (attribute !== undefined) {
      const span = attributeIn(start, position, (name) => name === attribute || name.endsWith(`:${attribute}`))
      return diagnose('SEG-XML-006', span, { attribute: text.slice(span.start, span.end) })
    }
    if (message === 'undefined entity.') {
      const at = text.lastIndexOf('&', position - 1)
      return diagnose('SEG-XML-004', spanOf(at, position), { entity: text.slice(at, position) })
    }
    return undefined
  }

  return {
    add: (diagnostic) => void diagnostics.push(diagnostic),
    mismatch,
    translate(message, mark, position, parent) {
      const start = Math.max(0, text.indexOf('<', mark))
      const known = recoverable(message, start, position)
      if (known !== undefined) {
        diagnostics.push(known)
        return diagnostics.length >= maxProblems
      }
      if (message.startsWith('unmatched closing tag') || message === 'unexpected close tag.') {
        const found = text.slice(start + 2, Math.max(start + 2, position - 1)).trim()
        diagnostics.push(mismatch(found, parent?.name ?? '', parent?.tag, spanOf(start, position)))
        return true
      }
      const reason = message.replace(/\.$/, '')
      const isSecondRoot = message.startsWith('documents may contain only one root')
      const span = isSecondRoot ? spanOf(start, position - 1) : spanOf(position - 1, position)
      diagnostics.push(diagnose('SEG-XML-001', span, { reason }))
      return true
    },
    found: () => diagnostics,
  }
}
