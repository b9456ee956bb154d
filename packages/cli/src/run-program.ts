import { CommanderError } from 'commander'
import { CommandFailure, EXIT } from './exit-codes.ts'
import type { Output } from './output.ts'
import { createProgram } from './program.ts'

/** Runs one command line, without the names of interpreter and program; gives the exit code. Never rejects. */
export async function runProgram(words: readonly string[], output: Output): Promise<number> {
  try {
    await createProgram(output).parseAsync(words, { from: 'user' })
    return EXIT.ok
  } catch (error) {
    if (error instanceof CommandFailure) {
      if (error.message !== '') output.note(error.message)
      if (error.hint !== undefined) output.note(`hint: ${error.hint}`)
      return error.exitCode
    }
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage
    output.note(`segue: unexpected failure: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
    return EXIT.bug
  }
}
