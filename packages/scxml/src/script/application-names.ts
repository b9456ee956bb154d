import type { PieceFacts } from './analyse-piece.ts'
import type { ScriptUnit } from './contract.ts'
import { constantNames, intrinsicNames, systemNames, type SystemName } from './names.ts'

/** What a free name means in every piece of one application. */
export type Meaning =
  | { readonly kind: 'system'; readonly system: SystemName }
  /** A member of `$`. */
  | { readonly kind: 'variable' }
  /** A member of `_data` (orchestration dialect only). */
  | { readonly kind: 'datum' }
  | { readonly kind: 'intrinsic' }
  | { readonly kind: 'unknown' }

/** Names of an application, resolved once. Spec: script-rules E2–E4. */
export interface ApplicationNames {
  meaningOf(name: string): Meaning
  /** Intrinsics that the application declares or assigns: they start as the intrinsic (E4). */
  readonly ownIntrinsics: readonly string[]
  /** Names that `var`, functions and classes declare: they cannot be deleted. */
  readonly declared: ReadonlySet<string>
  /** Names that some `typeof` asks for: no warning about them. */
  readonly guarded: ReadonlySet<string>
}

/** Gathers what the pieces declare and assign. `facts` may have gaps where a piece did not parse. */
export function applicationNames(
  unit: Pick<ScriptUnit, 'dialect' | 'dataIds'>,
  facts: Iterable<PieceFacts>,
  more: readonly string[] = [],
): ApplicationNames {
  const declared = new Set<string>()
  const assigned = new Set<string>(more)
  const guarded = new Set<string>()
  for (const one of facts) {
    for (const name of [...one.vars, ...one.functionNames, ...one.lexicals]) declared.add(name)
    for (const { name, use } of one.free.values()) {
      // What is only counted or extended is not declared by that: it has to exist.
      if (use === 'write' || (use === 'update' && intrinsicNames.has(name))) assigned.add(name)
      if (use === 'typeof') guarded.add(name)
    }
  }
  const dataIds = new Set(unit.dataIds)
  const system = systemNames[unit.dialect]
  const datum: Meaning = unit.dialect === 'w3c' ? { kind: 'variable' } : { kind: 'datum' }
  const meanings = new Map<string, Meaning>()
  const find = (name: string): Meaning => {
    const systemName = system.get(name)
    if (systemName !== undefined) return { kind: 'system', system: systemName }
    if (constantNames.has(name)) return { kind: 'intrinsic' }
    if (declared.has(name)) return { kind: 'variable' }
    if (dataIds.has(name)) return datum
    if (assigned.has(name)) return { kind: 'variable' }
    return { kind: intrinsicNames.has(name) ? 'intrinsic' : 'unknown' }
  }
  return {
    meaningOf(name) {
      const known = meanings.get(name) ?? find(name)
      meanings.set(name, known)
      return known
    },
    ownIntrinsics: [...new Set([...declared, ...assigned])].filter(
      (name) => intrinsicNames.has(name) && !dataIds.has(name) && !constantNames.has(name),
    ),
    declared,
    guarded,
  }
}
