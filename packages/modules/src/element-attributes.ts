import type { AttributeSpec } from '@segue/scxml'

/** What an attribute declaration says besides its name and how it is read. */
export interface AttributeFacts {
  readonly doc: string
  readonly confidence: AttributeSpec['confidence']
  readonly required?: boolean
  /** As documented; filled in by the module's `plan`. */
  readonly defaultText?: string
}

/** An expression that gives text. */
export function textAttribute(name: string, facts: AttributeFacts): AttributeSpec {
  return { name, kind: 'expression', type: 'string', ...facts }
}

/** An expression that gives a number, or text that is one. */
export function numberAttribute(name: string, facts: AttributeFacts): AttributeSpec {
  return { name, kind: 'expression', type: 'number', ...facts }
}

/** A number of seconds. Not a number counts as absent. */
export function secondsAttribute(name: string, facts: AttributeFacts): AttributeSpec {
  return { name, kind: 'expression', type: 'number', unit: 's', ...facts }
}

/** A bare `true` or `false`, or an expression that gives one. */
export function flagAttribute(name: string, facts: AttributeFacts): AttributeSpec {
  return { name, kind: 'expression-or-text', type: 'boolean', ...facts }
}

/** An expression that gives an object. */
export function objectAttribute(name: string, facts: AttributeFacts): AttributeSpec {
  return { name, kind: 'expression', type: 'object', ...facts }
}

/** An expression that may give text or an object: addresses, enumeration members, values passed through. */
export function valueAttribute(name: string, facts: AttributeFacts): AttributeSpec {
  return { name, kind: 'expression', type: 'any', ...facts }
}

/** An expression that gives text, or the text itself where samples leave the quotes out. */
export function looseTextAttribute(name: string, facts: AttributeFacts): AttributeSpec {
  return { name, kind: 'expression-or-text', type: 'string', ...facts }
}

/** A bare word of a closed list. */
export function wordAttribute(name: string, values: readonly string[], facts: AttributeFacts): AttributeSpec {
  return { name, kind: 'literal', type: 'string', values, ...facts }
}

/** Where the engine writes the id of the request before it is sent. */
export const requestIdLocation: AttributeSpec = {
  name: 'requestid',
  kind: 'location',
  type: 'string',
  doc: 'Place that receives the id of the request; the answering event carries the same id.',
  confidence: 'doc',
}

/** `hints` of most actions. */
export const hintsAttribute: AttributeSpec = objectAttribute('hints', {
  doc: 'Extra data for the executing side; unknown members are ignored.',
  confidence: 'doc',
})

/** Both accepted URIs of a module's namespace: as manuals print it and as applications write it. */
export function moduleUris(module: string): readonly string[] {
  const uri = `www.genesyslab.com/modules/${module}`
  return [uri, `http://${uri}`]
}
