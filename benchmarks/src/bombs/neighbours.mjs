// Healthy sessions of workload B that keep account of the events they take.
import { documentOf, roundOf } from '../workloads.mjs'

const round = roundOf('contact')
const MODULUS = 1_000_003

/**
 * Workload B with one more region that counts and chains the number of every event: a lost, doubled or reordered one
 * shows in it. Every second document says `_persist="false"` and is of the orchestration dialect.
 */
export function neighbourDocument(isPersistFalse) {
  const attributes = isPersistFalse ? ' profile="ecmascript" _persist="false"' : ''
  return documentOf('contact')
    .text.replace('name="contact"', `name="contact"${attributes}`)
    .replace('</datamodel>', '<data id="seen" expr="{ count: 0, chain: 0 }"/></datamodel>')
    .replace('</parallel>', `${LEDGER}</parallel>`)
}

const LEDGER = `
  <state id="ledger">
    <transition event="*" cond="!!_event.data &amp;&amp; _event.data.n !== undefined">
      <assign location="seen.count" expr="seen.count + 1"/>
      <assign location="seen.chain" expr="(seen.chain * 31 + _event.data.n) % ${MODULUS}"/>
    </transition>
  </state>
`

/** The event with a number, from 1: its name and the members of its data. */
export function numberedEvent(n) {
  const { data = {}, name } = round[(n - 1) % round.length]
  return { name, data: { ...data, n } }
}

/**
 * What is wrong with a session that acknowledged all events up to a number but those that it refused; `undefined`:
 * nothing. An order other than that in which they were sent gives another chain.
 */
export function wrongWith({ data, state }, { last, refusedNumbers }) {
  const refused = new Set(refusedNumbers)
  let expected = 0
  let events = 0
  for (let n = 1; n <= last; n += 1) {
    if (refused.has(n)) continue
    events += 1
    expected = (expected * 31 + n) % MODULUS
  }
  const { chain, count } = data.seen
  if (count < events) return { kind: 'lost', by: events - count }
  if (count > events) return { kind: 'doubled', by: count - events }
  if (chain !== expected) return { kind: 'reordered', by: 1 }
  // The states after a round with holes are not known.
  const then = last === 0 ? ['idle', 'unassigned', 'off', 'none'] : round[(last - 1) % round.length].then
  const isKnown = refused.size === 0 && then.some((id) => !state.includes(id))
  return isKnown ? { kind: 'lost', by: 1 } : undefined
}
