// Answers of all processes by key: each number as a median with its extremes.
import { summary } from '../statistics.mjs'

/** @param {readonly { key: string, task: object }[]} plan */
export function combineStore(plan, answers) {
  const measured = {}
  for (const { key, task, writes } of plan) {
    const list = answers.get(key)
    if (list.length === 0 || writes !== undefined) continue
    const { kind: _kind, ...settings } = task
    measured[key] = { ...settings, ...valuesOf(list) }
  }
  return measured
}

function valuesOf(list) {
  if (list[0].rows !== undefined) return { rows: list[0].rows }
  const names = Object.keys(list[0])
  return Object.fromEntries(names.map((name) => [name, summary(list.flatMap((answer) => answer[name]))]))
}
