import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { setTimeout as pause } from 'node:timers/promises'
import { startPostgres } from '@segue/testing'
import { afterAll, describe, expect, inject, it } from 'vitest'

const { server, reason } = await startPostgres()
if (server === undefined) console.warn(`skipped: ${reason}`)
afterAll(() => server?.[Symbol.asyncDispose]())

describe.skipIf(server === undefined)('a PostgreSQL server of a test', () => {
  it('keeps what was committed over a kill, and closes connections when told', async () => {
    const url = (await server?.createDatabase()) ?? ''
    await server?.sql('create table t (n int); insert into t values (7)', url)

    await server?.kill()
    const away = await server?.sql('select 1', url).catch(() => 'refused')
    await server?.restart()
    const sleeping = server?.sql('select pg_sleep(60)', url).catch(() => 'cut')
    while ((await server?.sql("select count(*) from pg_stat_activity where query like '%pg_sleep(60)'")) === '0');
    await server?.cutConnections()

    expect(away).toBe('refused')
    expect(await sleeping).toBe('cut')
    expect(await server?.sql('select n from t', url)).toBe('7')
  })

  it.skipIf(inject('buildFailure') !== '')(
    'goes with its test, also when that is killed',
    { timeout: 60_000 },
    async () => {
      const module = fileURLToPath(new URL('../dist/index.js', import.meta.url))
      const program = `import { startPostgres } from ${JSON.stringify(module)}
      const { server } = await startPostgres()
      console.log(JSON.stringify({ url: server.url, folder: await server.sql('show data_directory') }))
      setInterval(() => undefined, 1000)`
      const owner = spawn(process.execPath, ['--input-type=module', '-e', program], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      const [line] = await new Promise<[string]>((resolve) =>
        createInterface({ input: owner.stdout }).once('line', (text) => resolve([text])),
      )
      // Written above in this form.
      const { url, folder } = JSON.parse(line) as { url: string; folder: string }
      const wasThere = (await isListening(url)) && existsSync(folder)

      owner.kill('SIGKILL')

      expect(wasThere).toBe(true)
      while ((await isListening(url)) || existsSync(folder)) await pause(20)
    },
  )
})

function isListening(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
