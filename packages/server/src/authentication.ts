import { randomBytes, timingSafeEqual } from 'node:crypto'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Name of the file in the data folder that holds the token of this node. */
export const TOKEN_FILE = 'api-token'

/** Token of a data folder: read, or made and written for the owner only. */
export async function tokenOf(dataFolder: string): Promise<string> {
  const file = join(dataFolder, TOKEN_FILE)
  try {
    return (await readFile(file, 'utf8')).trim()
  } catch {
    const token = randomBytes(24).toString('base64url')
    await mkdir(dataFolder, { recursive: true })
    await writeFile(file, `${token}\n`, { mode: 0o600 })
    await chmod(file, 0o600)
    return token
  }
}

/** Compares the `Authorization` header in constant time. */
export function isAuthorized(header: string | undefined, token: string): boolean {
  const given = Buffer.from(header ?? '')
  const wanted = Buffer.from(`Bearer ${token}`)
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}
