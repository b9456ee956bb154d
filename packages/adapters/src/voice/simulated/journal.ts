import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { AdapterError } from '../../errors.ts'
import type { SwitchAnswer } from '@segue/contact'

/** How a call ended; each call has exactly one. `answered`: somebody talked with the caller. */
export type EndState = 'answered' | 'abandoned' | 'cleared' | 'released' | 'lost'

/** What a switch must still know after it was killed. */
export type JournalRecord =
  | { readonly kind: 'start'; readonly incarnation: number; readonly atEpochMs: number }
  /** Sequence numbers up to this one may have been used. */
  | { readonly kind: 'reserve'; readonly upTo: number }
  | { readonly kind: 'call'; readonly callId: string; readonly atEpochMs: number }
  | { readonly kind: 'end'; readonly callId: string; readonly endState: EndState; readonly atEpochMs: number }
  | { readonly kind: 'key'; readonly key: string; readonly callId: string; readonly answer: SwitchAnswer }
  /** Counts of calls whose own records were dropped by a compaction. */
  | { readonly kind: 'totals'; readonly ended: Readonly<Partial<Record<EndState, number>>> }

/** Append-only records of a switch. What was appended survives the death of the process. */
export interface SwitchJournal {
  read(): readonly JournalRecord[]
  append(records: readonly JournalRecord[]): void
  /** Puts a shorter account in the place of everything so far: all or nothing. */
  replace(records: readonly JournalRecord[]): void
  close(): void
}

/** A journal in memory, for tests and for switches that need not outlive their process. */
export function memoryJournal(): SwitchJournal {
  let lines: string[] = []
  return {
    read: () => parseLines(lines, 'memory'),
    append: (records) => {
      for (const record of records) lines.push(JSON.stringify(record))
    },
    replace: (records) => {
      lines = records.map((record) => JSON.stringify(record))
    },
    close: () => {},
  }
}

/**
 * A journal in a file, one JSON record a line. Survives `kill -9` of the process; a line cut off by the kill is
 * ignored.
 *
 * Errors: SEG-SWITCH-002 when a line that is not the last one cannot be read.
 * Cost: one `write` per append, no `fsync`: what the machine itself loses is not covered.
 */
export function fileJournal(path: string): SwitchJournal {
  let file: number | undefined
  const opened = (): number => (file ??= openSync(path, 'a', 0o600))
  const close = (): void => {
    if (file !== undefined) closeSync(file)
    file = undefined
  }
  return {
    read: () => {
      if (!existsSync(path)) return []
      return parseLines(readFileSync(path, 'utf8').split('\n'), path)
    },
    append: (records) => writeWhole(opened(), toText(records)),
    replace: (records) => {
      const temporary = `${path}.new`
      const fresh = openSync(temporary, 'w', 0o600)
      try {
        writeWhole(fresh, toText(records))
        fsyncSync(fresh)
      } finally {
        closeSync(fresh)
      }
      close()
      renameSync(temporary, path)
    },
    close,
  }
}

function toText(records: readonly JournalRecord[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join('')
}

function writeWhole(file: number, text: string): void {
  const bytes = Buffer.from(text, 'utf8')
  let written = 0
  while (written < bytes.length) written += writeSync(file, bytes, written)
}

function parseLines(lines: readonly string[], path: string): readonly JournalRecord[] {
  const records: JournalRecord[] = []
  const last = lines.findLastIndex((line) => line !== '')
  lines.forEach((line, index) => {
    if (line === '') return
    const record = parseRecord(line)
    if (record !== undefined) records.push(record)
    else if (index !== last) throw new AdapterError('SEG-SWITCH-002', { path, line: index + 1 })
  })
  return records
}

function parseRecord(line: string): JournalRecord | undefined {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  const kind: unknown = Reflect.get(value, 'kind')
  const text = (name: string): boolean => typeof Reflect.get(value, name) === 'string'
  const count = (name: string): boolean => Number.isSafeInteger(Reflect.get(value, name))
  const isWhole =
    (kind === 'start' && count('incarnation')) ||
    (kind === 'reserve' && count('upTo')) ||
    (kind === 'call' && text('callId') && count('atEpochMs')) ||
    (kind === 'end' && text('callId') && text('endState') && count('atEpochMs')) ||
    (kind === 'key' && text('key') && text('callId') && typeof Reflect.get(value, 'answer') === 'object') ||
    (kind === 'totals' && typeof Reflect.get(value, 'ended') === 'object')
  // JSON border: the members of each kind were looked at above.
  return isWhole ? (value as JournalRecord) : undefined
}
