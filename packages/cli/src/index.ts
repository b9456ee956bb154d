export { createProgram } from './program.ts'
export { EXIT } from './exit-codes.ts'
