import type { Durability } from '../../src/entity/contract.ts'
import { withoutEnvelope } from '../../src/entity/envelope.ts'
import { chainBehaviour, chainOf, readChain, readTaken } from './chain-behaviour.ts'
import { doneText, skippedText } from './errand.ts'
import type { Subject } from './subject.ts'

/** Classes by the first letter of an id. */
const CLASSES: Readonly<Record<string, Durability>> = { e: 'durable', r: 'relaxed', n: 'none' }

/** Chains of digests: the cheapest entities. `letters`: the class of each. */
export function chainSubject(letters: string): Subject {
  return {
    name: /^e*$/.test(letters) ? 'chains' : 'chains of all classes',
    ids: [...letters].map((letter, at) => `${letter}${at}`),
    start: undefined,
    begin() {
      const behaviour = chainBehaviour(classOf)
      return { behaviour, performers: [], size: () => behaviour.size }
    },
    body: (errand) => ({ kind: 'text', errand }),
    done: (name) => ({ kind: 'text', text: doneText(name) }),
    skipped: (name) => ({ kind: 'text', text: skippedText(name) }),
    classOf,
    read: readTaken,
    check(stored, taken) {
      const { chain } = readChain(withoutEnvelope(stored))
      return Promise.resolve(chain === chainOf(taken) ? undefined : 'the chain does not fit what was taken')
    },
  }
}

function classOf(id: string): Durability {
  return CLASSES[id.charAt(0)] ?? 'durable'
}
