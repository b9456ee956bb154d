import { afterAll, describe } from 'vitest'
import { childProgram } from './child-program.ts'
import { shardContract } from './contract.ts'
import { inProcess, processes } from './shard-under-test.ts'

const program = childProgram()
afterAll(() => program[Symbol.dispose]())

describe('a shard in process', () => {
  shardContract(inProcess)
})

describe('shard processes', () => {
  shardContract(
    ({ answer, trace }) =>
      processes(program.path, { count: 2, settings: () => trace, ...(answer && { answer }) }).shard,
  )
})
