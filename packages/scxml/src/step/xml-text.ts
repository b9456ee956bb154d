/**
 * Markup of an XML tree that `readContent` made, for handing a document to an invocation; `undefined` for any other
 * value. Reads own data members only, so that no code of the application runs.
 *
 * Cost: O(tree). Errors: none; a tree nested too deeply counts as no tree.
 */
export function xmlTextOf(value: unknown): string | undefined {
  try {
    return ownMember(value, 'nodeType') === 9 ? childrenOf(value, 0, { nodes: maxNodes }) : undefined
  } catch {
    return undefined
  }
}

const maxNesting = 500
/** A tree in which one node stands in many places can be far larger than what holds it. */
const maxNodes = 100_000

interface Room {
  nodes: number
}

function nodeText(node: unknown, depth: number, room: Room): string {
  room.nodes -= 1
  if (depth > maxNesting || room.nodes < 0) throw new RangeError('the tree is too large')
  const type = ownMember(node, 'nodeType')
  if (type === 3) return escaped(String(ownMember(node, 'nodeValue')))
  if (type !== 1) return ''
  const name = String(ownMember(node, 'tagName'))
  return `<${name}${attributesOf(node)}>${childrenOf(node, depth, room)}</${name}>`
}

/** The list is a script's: none of its methods may be called, they would be given a function of ours. */
function childrenOf(node: unknown, depth: number, room: Room): string {
  const children = ownMember(node, 'childNodes')
  if (!Array.isArray(children)) return ''
  let text = ''
  for (const key of Object.keys(children)) {
    if (/^\d+$/.test(key)) text += nodeText(ownMember(children, key), depth + 1, room)
  }
  return text
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
