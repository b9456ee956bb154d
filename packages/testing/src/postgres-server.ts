import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { chown, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'

/** A PostgreSQL server of a test's own, on a free loopback port and in a temporary folder; both go with the object. */
export interface PostgresServer extends AsyncDisposable {
  /** Of the database `postgres`; no password is needed. */
  readonly url: string
  /** Version of the server, for example `15.18`. */
  readonly version: string
  /** Makes an empty database and gives its address. */
  createDatabase(): Promise<string>
  /** Runs SQL in a database of this server and gives its rows, columns separated by `|`. */
  sql(text: string, url?: string): Promise<string>
  /** Kills the server and everything that it has started with SIGKILL, as a power failure would. */
  kill(): Promise<void>
  /** Starts it again on the same port and data after `kill`. Resolves when it takes connections. */
  restart(): Promise<void>
  /** Closes all connections of clients from the server's side. */
  cutConnections(): Promise<void>
}

/** Where the server's own durability is wanted. */
export interface PostgresServerOptions {
  /** Default false: fast; what was committed survives the death of processes but not of the machine. */
  readonly fsync?: boolean
}

export type PostgresStart =
  | { readonly server: PostgresServer; readonly reason?: undefined }
  | { readonly server?: undefined; readonly reason: string }

const run = promisify(execFile)
const USER = 'segue'
const START_TIMEOUT_MS = 20_000
const COMMAND_TIMEOUT_MS = 20_000
const PORT_TRIES = 5
const DEBIAN_FOLDER = '/usr/lib/postgresql'

/**
 * Starts a PostgreSQL server from the machine's binaries (PATH, `/usr/lib/postgresql/*`), as another user when this
 * process is root, because the server refuses to run as root. Where that cannot be done the answer has the reason, to be printed beside
 * skipped tests.
 */
export async function startPostgres(options: PostgresServerOptions = {}): Promise<PostgresStart> {
  const binaries = await binariesFolder()
  if (binaries === undefined) {
    return { reason: 'no PostgreSQL binaries (initdb, postgres, psql) on PATH or in /usr/lib/postgresql/*/bin' }
  }
  const user = serverUser()
  if (user === undefined)
    return { reason: 'PostgreSQL refuses to run as root, and there is no user postgres or nobody' }
  const folder = await mkdtemp(join(tmpdir(), 'segue-postgres-'))
  try {
    if (user.uid !== undefined && user.gid !== undefined) await chown(folder, user.uid, user.gid)
    const words = ['--pgdata', join(folder, 'data'), '--username', USER, '--auth', 'trust', '--encoding', 'UTF8']
    await run(join(binaries, 'initdb'), [...words, '--locale', 'C', '--no-sync', '--no-instructions'], {
      ...user,
      cwd: folder,
      timeout: COMMAND_TIMEOUT_MS,
    })
    const server = new OwnPostgres(binaries, user, folder, options.fsync ?? false)
    for (let tries = 1; ; tries++) {
      try {
        await server.start(await freePort())
        return { server }
      } catch (error) {
        if (tries === PORT_TRIES) throw error
      }
    }
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

interface ServerUser {
  readonly uid?: number
  readonly gid?: number
}

class OwnPostgres implements PostgresServer {
  readonly version: string
  readonly #binaries: string
  readonly #user: ServerUser
  readonly #folder: string
  readonly #fsync: boolean
  readonly #guard: ChildProcess
  #child: ChildProcess | undefined
  #port = 0
  #databases = 0

  constructor(binaries: string, user: ServerUser, folder: string, fsync: boolean) {
    this.#binaries = binaries
    this.#user = user
    this.#folder = folder
    this.#fsync = fsync
    this.#guard = startGuard(folder)
    this.version = readFileSync(join(folder, 'data/PG_VERSION'), 'utf8').trim()
  }

  get url(): string {
    return this.#urlOf('postgres')
  }

  async start(port: number): Promise<void> {
    this.#port = port
    const settings = {
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      max_connections: 60,
      shared_buffers: '32MB',
      fsync: this.#fsync ? 'on' : 'off',
      full_page_writes: this.#fsync ? 'on' : 'off',
      autovacuum_naptime: '5s',
    }
    const words = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    const child = spawn(
      join(this.#binaries, 'postgres'),
      ['-D', join(this.#folder, 'data'), '-p', String(port), ...words],
      { ...this.#user, cwd: this.#folder, stdio: ['ignore', 'ignore', 'pipe'] },
    )
    this.#child = child
    await isReady(child)
  }

  async createDatabase(): Promise<string> {
    this.#databases++
    const name = `segue_${this.#databases}`
    await this.sql(`create database ${name}`)
    return this.#urlOf(name)
  }

  async sql(text: string, url: string = this.url): Promise<string> {
    const words = ['--no-psqlrc', '--quiet', '--tuples-only', '--no-align', '--set=ON_ERROR_STOP=1']
    const { stdout } = await run(join(this.#binaries, 'psql'), [...words, '--command', text, url], {
      timeout: COMMAND_TIMEOUT_MS,
    })
    return stdout.trimEnd()
  }

  async kill(): Promise<void> {
    const child = this.#child
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
    const gone = new Promise((resolve) => child.once('exit', resolve))
    // Server processes make groups of their own, so each is ended by its id; those of a dead server would go on a while.
    const started = await childrenOf(child.pid)
    child.kill('SIGKILL')
    for (const pid of started) endProcess(pid)
    await gone
  }

  async restart(): Promise<void> {
    await this.kill()
    const deadline = Date.now() + START_TIMEOUT_MS
    for (;;) {
      try {
        return await this.start(this.#port)
      } catch (error) {
        // The memory that the dead server shared is held until the last of its processes is gone.
        if (Date.now() > deadline) throw error
        await pause(50)
      }
    }
  }

  async cutConnections(): Promise<void> {
    await this.sql(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where pid <> pg_backend_pid() and backend_type = 'client backend'`,
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill()
    const guardGone = new Promise((resolve) => this.#guard.once('exit', resolve))
    this.#guard.stdin?.end()
    await guardGone
    await rm(this.#folder, { recursive: true, force: true })
  }

  #urlOf(database: string): string {
    return `postgres://${USER}@127.0.0.1:${this.#port}/${database}`
  }
}

/**
 * A process that outlives this one by a moment: when the pipe to it closes, however this process ended, it ends the
 * server by the id in its own file and removes the folder.
 */
function startGuard(folder: string): ChildProcess {
  const script = `read -r end
    pid=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null) && kill -9 "$pid" 2>/dev/null
    rm -rf "$1" || { sleep 1; rm -rf "$1"; }`
  const guard = spawn('/bin/sh', ['-c', script, 'sh', folder], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
  guard.unref()
  const pipe: unknown = guard.stdin
  if (typeof pipe === 'object' && pipe !== null && 'unref' in pipe && typeof pipe.unref === 'function') pipe.unref()
  return guard
}

function isReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = ''
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new Error(`PostgreSQL did not start within ${START_TIMEOUT_MS} ms: ${log}`))
    }, START_TIMEOUT_MS)
    child.once('error', reject)
    child.once('exit', (code) => {
      clearTimeout(timer)
      reject(new Error(`PostgreSQL ended with ${code}: ${log}`))
    })
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      log = (log + text).slice(-10_000)
      if (!log.includes('ready to accept connections')) return
      clearTimeout(timer)
      resolve()
    })
  })
}

/** The newest folder that has all three programs. */
async function binariesFolder(): Promise<string | undefined> {
  const versions = existsSync(DEBIAN_FOLDER) ? await readdir(DEBIAN_FOLDER) : []
  const newestFirst = versions
    .map(Number)
    .filter(Number.isFinite)
    .sort((one, other) => other - one)
  const folders = [
    ...(process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== ''),
    ...newestFirst.map((version) => join(DEBIAN_FOLDER, String(version), 'bin')),
  ]
  return folders.find((folder) => ['initdb', 'postgres', 'psql'].every((name) => existsSync(join(folder, name))))
}

/** Nothing to change for an ordinary user; `undefined` when root has nobody to become. */
function serverUser(): ServerUser | undefined {
  if (process.getuid?.() !== 0) return {}
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
  for (const wanted of ['postgres', 'nobody']) {
    const [, , uid, gid] = users.find(([name]) => name === wanted) ?? []
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) }
  }
  return undefined
}

async function childrenOf(pid: number): Promise<readonly number[]> {
  // Linux; elsewhere the server's processes notice its death by themselves.
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')
  return text
    .split(' ')
    .filter((word) => word !== '')
    .map(Number)
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It was gone already.
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      probe.close(() => resolve(port))
    })
  })
}
