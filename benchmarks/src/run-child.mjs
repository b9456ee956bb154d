// Runs one measurement in a process of its own.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('child.mjs', import.meta.url))

/** The answer of a measured process. Errors: rejects with what it wrote when it failed. */
export function runChild(task) {
  const child = spawn(process.execPath, ['--expose-gc', program, JSON.stringify(task)], {
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const out = []
  const err = []
  child.stdout.on('data', (chunk) => out.push(chunk))
  child.stderr.on('data', (chunk) => err.push(chunk))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) {
        const lines = Buffer.concat(out).toString('utf8').trim().split('\n')
        resolve(JSON.parse(lines.at(-1)))
        return
      }
      reject(new Error(`${JSON.stringify(task)} ended with ${code}:\n${Buffer.concat(err).toString('utf8')}`))
    })
  })
}
