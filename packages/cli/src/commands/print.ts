import type { Output } from '../output.ts'

/** Prints an answer of the server: as it came with `--json`, else as `text` makes it. */
export function print(
  output: Output,
  json: boolean | undefined,
  answer: unknown,
  text: (answer: Readonly<Record<string, unknown>>) => string,
): void {
  const members = typeof answer === 'object' && answer !== null ? { ...answer } : {}
  output.result(json === true ? JSON.stringify(answer, undefined, 2) : text(members))
}
