/** Where a command writes: results to stdout, everything else to stderr. */
export interface Output {
  result(text: string): void
  note(text: string): void
  /** Replaces the last status line on a terminal; a line of its own elsewhere. */
  status(text: string): void
  readonly isTerminal: boolean
  readonly color: boolean
}

/** The process's own streams. Colour and progress only on a terminal, never with NO_COLOR. */
export function processOutput(): Output {
  const isTerminal = process.stderr.isTTY
  let hasStatus = false
  const clear = (): void => {
    if (hasStatus) process.stderr.write('\r\u001B[K')
    hasStatus = false
  }
  return {
    isTerminal,
    color: process.stdout.isTTY && process.env['NO_COLOR'] === undefined,
    result(text) {
      clear()
      process.stdout.write(`${text}\n`)
    },
    note(text) {
      clear()
      process.stderr.write(`${text}\n`)
    },
    status(text) {
      clear()
      process.stderr.write(isTerminal ? text : `${text}\n`)
      hasStatus = isTerminal
    },
  }
}

/** Columns of text, left-aligned, two blanks apart. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = []
  for (const row of rows) row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, cell.length)))
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
