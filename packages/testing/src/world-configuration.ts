import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { readConfiguration } from '@segue/contact'
import type { Configuration } from '@segue/contact'

/**
 * A folder with `segue.yaml`; the same with some kinds of objects replaced; or objects as in a configuration file with
 * the folder that addresses are relative to.
 */
export type WorldConfiguration =
  | string
  | { readonly folder: string; readonly replace: Partial<Configuration> }
  | { readonly folder: string; readonly objects: Readonly<Record<string, unknown>> }

/** Reads the configuration of a world. Throws with all findings when it has errors. */
export async function worldConfiguration(
  given: WorldConfiguration,
): Promise<{ readonly folder: string; readonly objects: Configuration }> {
  const folder = resolve(typeof given === 'string' ? given : given.folder)
  const file = join(folder, 'segue.yaml')
  const hasObjects = typeof given !== 'string' && 'objects' in given
  const text = hasObjects ? JSON.stringify(given.objects) : await readFile(file, 'utf8')
  const { configuration, findings } = readConfiguration([{ file, text }], { baseUrl: pathToFileURL(file).href })
  if (configuration === undefined) {
    throw new Error(
      findings.map(({ file, line, column, message }) => `${file}:${line}:${column} ${message}`).join('\n'),
    )
  }
  const replaced = typeof given !== 'string' && 'replace' in given ? given.replace : {}
  return { folder, objects: { ...configuration, ...replaced } }
}

/** The same objects with the addresses of documents below a folder moved to where the folder is served. */
export function servedConfiguration(objects: Configuration, folder: string, baseUrl: string): Configuration {
  const folderUrl = pathToFileURL(join(folder, '/')).href
  const moved = (url: string): string => (url.startsWith(folderUrl) ? baseUrl + url.slice(folderUrl.length) : url)
  return {
    ...objects,
    applications: objects.applications.map((application) => {
      const { alternateUrl, url } = application
      return {
        ...application,
        url: moved(url),
        alternateUrl: alternateUrl === undefined ? undefined : moved(alternateUrl),
      }
    }),
  }
}
