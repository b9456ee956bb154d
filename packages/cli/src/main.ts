import { EXIT } from './exit-codes.ts'
import { processOutput } from './output.ts'
import { runProgram } from './run-program.ts'

/** Time for what was said to leave the process. */
const LAST_WORDS_MS = 500

process.exitCode = await runProgram(process.argv.slice(2), processOutput())
// What a bug has left open would keep the process for ever.
if (process.exitCode === EXIT.bug) setTimeout(() => process.exit(), LAST_WORDS_MS).unref()
