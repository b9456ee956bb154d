import { CommanderError } from 'commander'
import { CommandFailure, EXIT } from './exit-codes.ts'
import { processOutput } from './output.ts'
import { createProgram } from './program.ts'

const output = processOutput()

try {
  await createProgram(output).parseAsync()
} catch (error) {
  if (error instanceof CommandFailure) {
    if (error.message !== '') output.note(error.message)
    if (error.hint !== undefined) output.note(`hint: ${error.hint}`)
    process.exitCode = error.exitCode
  } else if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage
  } else {
    output.note(`segue: unexpected failure: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
    process.exitCode = EXIT.bug
  }
}
