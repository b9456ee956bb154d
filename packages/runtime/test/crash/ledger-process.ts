import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Child } from './child-process.ts'
import type { Delivery } from './contract.ts'

/** The ledger with its file; killed and started again on the same socket. */
export class Ledger implements AsyncDisposable {
  readonly socket: string
  readonly #program: string
  readonly #file: string
  #child: Child | undefined
  #kills = 0

  constructor(program: string, folder: string) {
    this.#program = program
    this.socket = join(folder, 'ledger.socket')
    this.#file = join(folder, 'ledger.log')
  }

  get kills(): number {
    return this.#kills
  }

  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      const child = new Child([this.#program, this.socket, this.#file], () => resolve())
      this.#child = child
      void child.gone.then(() => reject(new Error(`the ledger ended: ${child.stderr}`)))
    })
  }

  async restart(): Promise<void> {
    this.#kills++
    await this.#child?.[Symbol.asyncDispose]()
    await this.start()
  }

  /** Everything that was delivered, in order; a line that a kill cut off was not answered either. */
  async deliveries(): Promise<readonly Delivery[]> {
    const text = await readFile(this.#file, 'utf8')
    return text.split('\n').flatMap((line) => {
      const [key = '', name = '', life] = line.split('\t')
      return life === undefined ? [] : [{ key, name, life: Number(life) }]
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#child?.[Symbol.asyncDispose]()
  }
}
