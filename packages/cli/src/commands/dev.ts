import { watch } from 'node:fs'
import { Command } from 'commander'
import pino from 'pino'
import { startNode } from '@segue/server'
import { formatDiagnostic } from '@segue/scxml'
import type { Diagnostic } from '@segue/scxml'
import { configurationFailure, configurationText, startFailure } from '../failures.ts'
import { interrupted } from '../interrupted.ts'
import type { NodeOptions } from '../node-options.ts'
import { nodeSettings } from '../node-options.ts'
import type { Output } from '../output.ts'
import { banner } from '../banner.ts'
import { startSwitchProcess } from '../switch-process.ts'
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
      'Examples:\n  segue dev examples/business-hours\n  segue call place --from 0301112233 --to 4200\n',
    )
    .action(async (folder: string, options: NodeOptions) => {
      await using telephones = await startSwitchProcess({
        folder,
        seed: 1,
        pace: { speed: 1, originEpochMs: 0 },
        people: false,
      })
      const settings = await nodeSettings(folder, options, [telephones.address])
      const started = await startNode(settings, pino({ level: 'warn' }, pino.destination(2))).catch(
        (error: unknown) => {
          throw startFailure(error)
        },
      )
      if (!started.ok) throw configurationFailure(started.findings)
      await using node = started.node
      output.note(banner(node, settings))
      const show = (diagnostics: readonly Diagnostic[]): void => {
        for (const diagnostic of diagnostics)
          output.note(formatDiagnostic(diagnostic, { color: output.color, base: process.cwd() }))
      }
      for (const { diagnostics } of node.applications) show(diagnostics)

      async function reload(): Promise<void> {
        for (const finding of await node.reload()) output.note(configurationText(finding))
        for (const { url, outcome, diagnostics } of await node.centre.reloadApplications()) {
          if (outcome === 'unchanged') continue
          output.note(
            outcome === 'changed'
              ? `changed: ${url} (new sessions take it)`
              : `refused: ${url} (the version before it stays)`,
          )
          show(diagnostics)
        }
      }
      let timer: NodeJS.Timeout | undefined
      const watcher = watch(folder, { recursive: true }, () => {
        clearTimeout(timer)
        timer = setTimeout(() => void reload().catch((error: unknown) => output.note(String(error))), SETTLE_MS)
      })
      await interrupted()
      clearTimeout(timer)
      watcher.close()
    })
}
