import { watch } from 'node:fs'
import { basename, resolve, sep } from 'node:path'
import { cwd } from 'node:process'
import { pathToFileURL } from 'node:url'
import { Command } from 'commander'
import pino from 'pino'
import type { RunningNode } from '@segue/server'
import { startNode } from '@segue/server'
import { displayPath } from '@segue/scxml'
import { banner } from '../banner.ts'
import { diagnosticText } from '../document-text.ts'
import { configurationFailure, configurationText, startFailure } from '../failures.ts'
import { inProcessSwitch } from '../in-process-switch.ts'
import { interrupted } from '../interrupted.ts'
import type { NodeOptions } from '../node-options.ts'
import { nodeSettings } from '../node-options.ts'
import type { Output } from '../output.ts'
import { withNodeOptions } from './with-node-options.ts'

/** Changes of one save come together. */
const SETTLE_MS = 100

/** `segue dev`: serves a folder, and takes changed documents while it runs. */
export function devCommand(output: Output): Command {
  return withNodeOptions(new Command('dev'))
    .description('serves a folder and watches it: new sessions take the changed document')
    .argument('[folder]', 'folder with segue.yaml', '.')
    .addHelpText(
      'before',
      'Examples:\n  segue dev examples/business-hours\n  segue call place --from 0301112233 --to 4200\n  segue session list\n',
    )
    .action(async (folder: string, options: NodeOptions) => {
      const settings = await nodeSettings(folder, options, [])
      const started = await startNode(settings, pino({ level: 'warn' }, pino.destination(2)), {
        links: [await inProcessSwitch(folder)],
      }).catch((error: unknown) => {
        throw startFailure(error, settings)
      })
      if (!started.ok) throw configurationFailure(started.findings)
      await using node = started.node
      output.result(banner(node, settings))
      for (const finding of node.findings) output.note(configurationText(finding))
      for (const { diagnostics } of node.applications) {
        for (const diagnostic of diagnostics) output.note(diagnosticText(diagnostic, output))
      }
      output.note(`watching ${resolve(folder)}`)
      const changed = reloading(node, output)
      using _watching = watchFolder(resolve(folder), resolve(settings.dataFolder), changed)
      await interrupted()
      output.note('stopped')
    })
}

/** Reads what has changed, and says what became of it. */
function reloading(node: RunningNode, output: Output): () => Promise<void> {
  /** Texts of the findings of documents that are refused. */
  const refused = new Map<string, string>()

  async function reloadConfiguration(): Promise<void> {
    const { isRefused, findings, differences } = await node.reload()
    if (isRefused) output.note('refused: the configuration has errors (the one before it stays)')
    for (const { text } of differences) output.note(`changed: ${text}`)
    if (isRefused || differences.length > 0) for (const finding of findings) output.note(configurationText(finding))
  }

  return async () => {
    await reloadConfiguration().catch((error: unknown) => {
      output.note(
        `refused: the configuration cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      )
    })
    for (const { url, outcome, diagnostics } of await node.centre.reloadApplications()) {
      const document = displayPath(url, pathToFileURL(cwd()).href)
      const findings = diagnostics.map((diagnostic) => diagnosticText(diagnostic, output)).join('\n')
      const isSaid = refused.get(url) === findings
      if (outcome === 'refused') {
        refused.set(url, findings)
        // A change elsewhere does not tell the same again.
        if (!isSaid)
          output.note(`refused: ${document} has errors (new sessions take the version before it)\n${findings}`)
        continue
      }
      if (outcome === 'changed') output.note(`changed: ${document} (new sessions take it)`)
      else if (refused.has(url)) output.note(`mended: ${document} is as it was before`)
      if (outcome === 'changed' && findings !== '') output.note(findings)
      refused.delete(url)
    }
  }
}

/** Calls `changed` after each burst of changes, one after the other. What the node writes itself does not count. */
function watchFolder(folder: string, dataFolder: string, changed: () => Promise<void>): Disposable {
  let timer: NodeJS.Timeout | undefined
  let running = Promise.resolve()
  const watcher = watch(folder, { recursive: true }, (_event, name) => {
    if (name !== null && isOwnOrHidden(folder, name, dataFolder)) return
    clearTimeout(timer)
    timer = setTimeout(() => {
      running = running.then(changed).catch((error: unknown) => void process.stderr.write(`${String(error)}\n`))
    }, SETTLE_MS)
  })
  return {
    [Symbol.dispose]() {
      clearTimeout(timer)
      watcher.close()
    },
  }
}

function isOwnOrHidden(folder: string, name: string, dataFolder: string): boolean {
  const path = resolve(folder, name)
  return path === dataFolder || path.startsWith(dataFolder + sep) || basename(name).startsWith('.')
}
