import type { FastifyReply } from 'fastify'
import type { Diagnostic, FaultSpec } from '@segue/scxml'
import { fillTemplate, formatDiagnostic, positionAt } from '@segue/scxml'
import type { FaultCode } from './errors.ts'
import { faults } from './errors.ts'

/** Body of every refused request (RFC 9457), with the same code as log and command line. */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly code: string
  readonly hint: string
  readonly findings?: readonly ProblemFinding[]
}

/** A finding about a document, as JSON. */
export interface ProblemFinding {
  readonly code: string
  readonly severity: string
  readonly message: string
  readonly hint?: string
  readonly url: string
  readonly line: number
  readonly column: number
  /** As the command line shows it: place, message, source line with a caret, hint. */
  readonly text: string
}

/** Makes the problem of a code. */
export function problem(
  code: FaultCode,
  parameters: Readonly<Record<string, string>> = {},
  diagnostics: readonly Diagnostic[] = [],
): Problem {
  const fault: FaultSpec = faults[code]
  return {
    type: `https://segue.invalid/errors#${code.toLowerCase()}`,
    title: fillTemplate(fault.message, parameters),
    status: fault.status ?? 500,
    code,
    hint: fillTemplate(fault.hint, parameters),
    ...(diagnostics.length === 0 ? {} : { findings: diagnostics.map(findingOf) }),
  }
}

/** Sends a problem as the answer. */
export function refuse(
  reply: FastifyReply,
  refused: Problem,
  headers: Readonly<Record<string, string>> = {},
): FastifyReply {
  return reply.status(refused.status).headers(headers).type('application/problem+json').send(refused)
}

/** A diagnostic with its place in numbers. */
function findingOf(diagnostic: Diagnostic): ProblemFinding {
  const { source, start } = diagnostic.span
  return {
    code: diagnostic.code,
    severity: diagnostic.severity,
    message: diagnostic.message,
    ...(diagnostic.hint === undefined ? {} : { hint: diagnostic.hint }),
    url: source.url,
    ...positionAt(source, start),
    text: formatDiagnostic(diagnostic),
  }
}
