/** Inline data: JSON, XML as a small document object model, else text (SCXML appendix B.2). */
export const contentText = String.raw`
class DomNode {
  constructor(nodeName) { this.nodeName = nodeName; this.childNodes = [] }
  get firstChild() { return this.childNodes.length === 0 ? null : this.childNodes[0] }
  get lastChild() { return this.childNodes.length === 0 ? null : this.childNodes[this.childNodes.length - 1] }
  get textContent() { return this.childNodes.map((node) => node.textContent).join('') }
  getElementsByTagName(name) {
    const found = []
    const walk = (node) => {
      for (const child of node.childNodes) {
        if (!(child instanceof DomElement)) continue
        if (name === '*' || child.tagName === name) found.push(child)
        walk(child)
      }
    }
    walk(this)
    return found
  }
}
class DomElement extends DomNode {
  constructor(name) { super(name); this.tagName = name; this.nodeType = 1; this.attributes = {} }
  get localName() { return this.tagName.slice(this.tagName.indexOf(':') + 1) }
  get children() { return this.childNodes.filter((node) => node instanceof DomElement) }
  getAttribute(name) { return hasOwn(this.attributes, name) ? this.attributes[name] : null }
  hasAttribute(name) { return hasOwn(this.attributes, name) }
}
class DomText extends DomNode {
  constructor(text) { super('#text'); this.nodeType = 3; this.nodeValue = text }
  get data() { return this.nodeValue }
  get textContent() { return this.nodeValue }
}
class DomDocument extends DomNode {
  constructor() { super('#document'); this.nodeType = 9 }
  get documentElement() { return this.childNodes.find((node) => node instanceof DomElement) || null }
  get textContent() { return null }
}
const domClasses = { Node: DomNode, Element: DomElement, Text: DomText, Document: DomDocument }

const entities = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }
const unescapeXml = (text) => text.replace(/&(#x[0-9a-fA-F]+|#\d+|\w+);/g, (whole, name) => {
  if (name[0] !== '#') return hasOwn(entities, name) ? entities[name] : whole
  const code = name[1] === 'x' ? parseInt(name.slice(2), 16) : parseInt(name.slice(1), 10)
  return code <= 0x10ffff ? String.fromCodePoint(code) : whole
})
// undefined when the text is no well-formed document.
const readXml = (text) => {
  const document = new DomDocument()
  const open = [document]
  const token = /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[([\s\S]*?)\]\]>|<!DOCTYPE[^>]*>|<\/([^\s>]+)\s*>|<([^\s\/>!?]+)((?:\s+[^\s=>\/]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>|([^<]+)/gy
  while (token.lastIndex < text.length) {
    const found = token.exec(text)
    if (found === null) return undefined
    const [, cdata, closing, opening, attributes, isEmpty, characters] = found
    const parent = open[open.length - 1]
    if (closing !== undefined) {
      if (open.length < 2 || parent.tagName !== closing) return undefined
      open.pop()
    } else if (opening !== undefined) {
      const element = new DomElement(opening)
      for (const [, name, quoted] of attributes.matchAll(/([^\s=]+)\s*=\s*("[^"]*"|'[^']*')/g)) element.attributes[name] = unescapeXml(quoted.slice(1, -1))
      parent.childNodes.push(element)
      if (isEmpty === '') { open.push(element); if (open.length > 500) return undefined }
    } else if (cdata !== undefined || characters !== undefined) {
      if (parent === document) { if (cdata !== undefined || /\S/.test(characters)) return undefined }
      else parent.childNodes.push(new DomText(cdata !== undefined ? cdata : unescapeXml(characters)))
    }
  }
  return open.length === 1 && document.documentElement !== null ? document : undefined
}
const readContent = (text) => {
  try { return parse(text) } catch (_) { /* no JSON */ }
  const trimmed = text.trim()
  const document = trimmed[0] === '<' ? readXml(trimmed) : undefined
  return document === undefined ? trimmed.replace(/\s+/g, ' ') : document
}
`
