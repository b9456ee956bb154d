import { spawn } from 'node:child_process'
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

const programs = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** What to do where there is no browser. */
export const installHint = 'apt-get update && apt-get install -y --no-install-recommends chromium'

/** Path of a Chromium: `CHROMIUM`, else the first one on `PATH`; `undefined` where there is none. */
export function findChromium(): string | undefined {
  const named = process.env['CHROMIUM']
  if (named !== undefined && named !== '') return isProgram(named) ? named : undefined
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  return programs.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram)
}

/**
 * Opens an address without a window and gives the page's HTML once its scripts have come to rest.
 *
 * Units: `limitMs` is real time, after which the browser is ended.
 * Errors: rejects when the browser cannot be started or does not end in time.
 */
export async function dumpDom(program: string, url: string, limitMs: number): Promise<string> {
  const profile = mkdtempSync(join(tmpdir(), 'segue-chromium-'))
  const flags = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--disable-dev-shm-usage',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    `--user-data-dir=${profile}`,
    '--virtual-time-budget=20000',
    '--dump-dom',
    url,
  ]
  try {
    return await outputOf(program, flags, limitMs)
  } finally {
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }
}

function outputOf(program: string, flags: readonly string[], limitMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    // A group of its own, so that what the browser started ends with it.
    const child = spawn(program, flags, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    let complaints = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints = (complaints + text).slice(-2000)))
    const endGroup = (): void => {
      if (child.pid === undefined) return
      try {
        process.kill(-child.pid, 'SIGKILL')
      } catch {
        // The group has ended by itself.
      }
    }
    const limit = setTimeout(endGroup, limitMs)
    child.on('error', (error) => {
      clearTimeout(limit)
      reject(error)
    })
    child.on('close', (code, signal) => {
      clearTimeout(limit)
      endGroup()
      if (code === 0) resolve(output)
      else reject(new Error(`"${program}" ended with ${signal ?? `code ${code}`}: ${complaints}`))
    })
  })
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
