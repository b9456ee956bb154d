export { createProgram } from './program.ts'
export { EXIT } from './exit-codes.ts'
export type { Output } from './output.ts'
export { runProgram } from './run-program.ts'
