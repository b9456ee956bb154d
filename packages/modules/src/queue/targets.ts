import type { TargetText } from '@segue/contact'
import type { PlannedAction } from '@segue/runtime'
import { readAttributes } from '../attribute-reader.ts'
import { fault } from '../errors.ts'
import type { Fault } from '../errors.ts'
import { targetWords } from './spec-targets.ts'

/** Targets of a submit as the document wrote them; the domain reads their text. */
export interface WrittenTargets {
  readonly targets: readonly TargetText[]
  readonly problem: Fault | undefined
}

/** Reads `targets` with their `target` and `targetid` children. Spec: queue §7. */
export function writtenTargets(submit: PlannedAction): WrittenTargets {
  const targets: TargetText[] = []
  let problem: Fault | undefined
  for (const block of submit.children.filter(({ element }) => element === 'targets')) {
    const defaults = readAttributes(block)
    const type = defaults.text('type') ?? ''
    const statServer = defaults.text('statserver') ?? ''
    for (const child of block.children) {
      if (child.element === 'targetid') targets.push(...writtenIds(child))
      else if (child.element === 'target') {
        const read = writtenTarget(child, { type, statServer })
        if (read.target !== undefined) targets.push(read.target)
        problem ??= read.problem
      } else if (child.element !== 'targetblockclearing') problem ??= unsupported(child)
    }
    problem ??= defaults.problem
  }
  if (targets.length === 0) problem ??= fault('SEG-MODULE-003', { element: submit.element })
  return { targets, problem }
}

function writtenIds(child: PlannedAction): readonly TargetText[] {
  const value = child.attributes['expr']
  const texts: readonly unknown[] = Array.isArray(value) ? value : [value]
  return texts
    .filter((text) => typeof text === 'string')
    .filter((text) => text.trim() !== '')
    .map((text) => ({ kind: 'id', text }))
}

function writtenTarget(
  child: PlannedAction,
  defaults: { readonly type: string; readonly statServer: string },
): { readonly target: TargetText | undefined; readonly problem: Fault | undefined } {
  const read = readAttributes(child)
  const name = read.text('name') ?? ''
  const skillExpression = read.text('skillexpr') ?? ''
  const type = (read.text('type') || defaults.type || (skillExpression === '' ? '' : 'skill')).trim().toLowerCase()
  const statServer = read.text('statserver') || defaults.statServer
  const weight = read.text('weight') ?? ''
  const threshold = read.text('threshold') ?? ''
  if (type === '' || (name === '' && skillExpression === ''))
    read.note('SEG-MODULE-001', { attribute: type === '' ? 'type' : 'name' })
  else if (!targetWords.includes(type))
    read.note('SEG-MODULE-002', { attribute: 'type', value: `"${type}"`, expected: targetWords.join(', ') })
  if (read.problem !== undefined) return { target: undefined, problem: read.problem }
  return { target: { kind: 'target', type, name, statServer, skillExpression, weight, threshold }, problem: undefined }
}

function unsupported(child: PlannedAction): Fault {
  const advice = 'name agents, groups or skills by "target" or "targetid"'
  return fault('SEG-MODULE-005', { what: 'targets by this element', element: child.element, advice })
}
