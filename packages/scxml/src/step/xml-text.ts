/**
 * Markup of an XML tree that `readContent` made, for handing a document to an invocation; `undefined` for any other
 * value. Reads own data members only, so that no code of the application runs.
 *
 * Cost: O(tree). Errors: none; a tree nested too deeply counts as no tree.
 */
export function xmlTextOf(value: unknown): string | undefined {
  try {
    return ownMember(value, 'nodeType') === 9 ? childrenOf(value, 0) : undefined
  } catch {
    return undefined
  }
}

const maxNesting = 500

function nodeText(node: unknown, depth: number): string {
  if (depth > maxNesting) throw new RangeError('the tree is nested too deeply')
  const type = ownMember(node, 'nodeType')
  if (type === 3) return escaped(String(ownMember(node, 'nodeValue')))
  if (type !== 1) return ''
  const name = String(ownMember(node, 'tagName'))
  return `<${name}${attributesOf(node)}>${childrenOf(node, depth)}</${name}>`
}

function childrenOf(node: unknown, depth: number): string {
  const children = ownMember(node, 'childNodes')
  return Array.isArray(children) ? children.map((child) => nodeText(child, depth + 1)).join('') : ''
}

function attributesOf(node: unknown): string {
  const attributes = ownMember(node, 'attributes')
  if (typeof attributes !== 'object' || attributes === null) return ''
  return Object.keys(attributes)
    .map((name) => ` ${name}="${escaped(String(ownMember(attributes, name)))}"`)
    .join('')
}

function ownMember(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  return Object.getOwnPropertyDescriptor(value, name)?.value
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
}
