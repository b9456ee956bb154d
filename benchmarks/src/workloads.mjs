// The workload documents and the events that drive them.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = new URL('../workloads/', import.meta.url)

/** @typedef {{ name: string, data?: Record<string, unknown>, then?: readonly string[] }} DrivenEvent */

/** Text and address of a workload document. @param {'pingpong' | 'contact'} name */
export function documentOf(name) {
  const url = new URL(`${name}.scxml`, folder)
  return { url: url.href, path: fileURLToPath(url), text: readFileSync(url, 'utf8') }
}

/** Events of one round: one for `pingpong`, 15 for `contact`. @returns {readonly DrivenEvent[]} */
export function roundOf(name) {
  if (name === 'pingpong') return [{ name: 'go' }]
  return JSON.parse(readFileSync(new URL('contact-round.json', folder), 'utf8'))
}
