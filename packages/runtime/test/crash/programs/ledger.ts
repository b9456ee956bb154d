import { appendFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { eachLine } from '../lines.ts'

/**
 * The ledger: takes effects by key, writes each delivery down before it answers, also those that it has had. Whoever
 * counts reads the file: keys and deliveries are two numbers. Arguments: socket, file.
 */
const [socket = '', file = ''] = process.argv.slice(2)

const server = createServer((connection) => {
  let written = ''
  let answers = ''
  const flush = (): void => {
    appendFileSync(file, written)
    connection.write(answers)
    written = ''
    answers = ''
  }
  connection.on('error', () => undefined)
  eachLine(connection, (line) => {
    if (written === '') queueMicrotask(flush)
    written += `${line}\n`
    answers += `${line.slice(0, line.indexOf('\t'))}\n`
  })
})

// A ledger that was killed has left its socket behind.
rmSync(socket, { force: true })
server.listen(socket, () => process.stdout.write('listening\n'))
// Whoever started it is gone.
process.stdin.on('end', () => process.exit(0)).resume()
