import type { TransitionNode } from '../read/document.ts'
import { prefixesOf } from './dotted-name.ts'

/** What a descriptor takes, without the star or dot at its end: `a` for `a`, `a.` and `a.*`, nothing for `*`. */
export function stemOf(descriptor: string): string {
  return descriptor === '*' ? '' : descriptor.replace(/\.\*?$/, '')
}

/** Whether a descriptor takes the event of this name. Spec: SCXML 1.0, 3.12.1. */
export function isTakenBy(name: string, descriptor: string): boolean {
  const stem = stemOf(descriptor)
  return stem === '' || prefixesOf(name).includes(stem)
}

/** Whether a transition waits for the event of this name, perhaps under a condition. */
export function waitsFor(transition: TransitionNode, name: string): boolean {
  return transition.events.some(({ text }) => isTakenBy(name, text))
}
