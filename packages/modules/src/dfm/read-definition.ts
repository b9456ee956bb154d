import { attributeOf, childElements, parseXml } from '@segue/scxml'
import type { Diagnostic, Source, Span, XmlElement } from '@segue/scxml'
import type { BodyForm } from '../fetch-body.ts'
import { definitionDiagnostic } from './findings.ts'
import type { DefinitionFaultCode } from './findings.ts'
import { definitionLimits } from './definition.ts'
import type { ActionDefinition, ModuleDefinition, ServerSelection } from './definition.ts'

/** What reading a definition file gave: a definition when there is no error. */
export interface ReadDefinition {
  readonly definition: ModuleDefinition | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Reads a module definition file. Never throws; the text may be anything.
 *
 * Order: findings in the order of the file.
 * Spec: scxml-dialect §13.
 */
export function readDefinition(source: Source): ReadDefinition {
  const limits = { maxDocumentBytes: definitionLimits.maxFileBytes, maxDepth: definitionLimits.maxDepth }
  const { diagnostics, root } = parseXml(source, limits)
  if (root === undefined) return { definition: undefined, diagnostics }
  const reading = new DefinitionReading()
  const definition = reading.module(root)
  const isBroken = reading.diagnostics.some(({ severity }) => severity === 'error')
  return { definition: isBroken ? undefined : definition, diagnostics: reading.diagnostics }
}

interface Connection {
  readonly name: string
  readonly selection: ServerSelection
  readonly servers: readonly URL[]
}

const attributes: Readonly<Record<string, readonly string[]>> = {
  dfm: ['name', 'namespace', 'version'],
  connection: ['name', 'type', 'selection'],
  server: ['name', 'url'],
  transport: ['name', 'conntype', 'connection', 'url', 'method', 'enctype', 'timeout'],
}

const forms: Readonly<Record<string, BodyForm>> = {
  'application/json': 'json',
  'application/x-www-form-urlencoded': 'form',
}

const selections = ['simple', 'round-robin'] as const
const methods = ['get', 'post', 'put', 'delete'] as const

/** Reads one file and gathers what is wrong with it. */
class DefinitionReading {
  readonly diagnostics: Diagnostic[] = []

  module(root: XmlElement): ModuleDefinition | undefined {
    if (root.local !== 'dfm') {
      this.#report('SEG-DFM-001', root.nameSpan, { element: root.name, parent: 'a definition file', allowed: 'dfm' })
      return undefined
    }
    this.#checkAttributes(root)
    const name = this.#name(root)
    const uri = this.#required(root, 'namespace')
    const isUri = /^[^\s<>"]{1,255}$/.test(uri)
    if (uri !== '' && !isUri) this.#badValue(root, 'namespace', 'an address without blanks, at most 255 characters')
    const bare = uri.replace(/^http:\/\//, '')
    const children = this.#children(root, { connection: 'connections', transport: 'transports' })
    const connections = this.#connections(children.filter(({ local }) => local === 'connection'))
    const actions = this.#actions(
      root,
      children.filter(({ local }) => local === 'transport'),
      connections,
    )
    return { name, uris: [bare, `http://${bare}`], actions }
  }

  #connections(elements: readonly XmlElement[]): readonly Connection[] {
    const connections: Connection[] = []
    for (const element of elements) {
      this.#checkAttributes(element)
      this.#checkHttp(element, 'type')
      const name = attributeOf(element, 'name')?.value.text.trim() ?? ''
      if (connections.some((one) => one.name === name)) this.#twice(element, 'connection', name)
      const selection = this.#choice(element, 'selection', selections, 'simple')
      const servers = this.#children(element, { server: 'servers' }).flatMap((server) => this.#server(server))
      this.#atLeastOne(element, 'server', servers.length)
      this.#atMost(element, 'servers of a connection', servers.length, definitionLimits.maxServers)
      connections.push({ name, selection, servers })
    }
    return connections
  }

  #server(element: XmlElement): readonly URL[] {
    this.#checkAttributes(element)
    this.#children(element, {})
    const text = this.#required(element, 'url')
    if (text === '') return []
    const url = URL.canParse(text) ? new URL(text) : undefined
    const isUsable =
      url !== undefined &&
      /^https?:$/.test(url.protocol) &&
      url.username === '' &&
      url.password === '' &&
      url.hash === ''
    if (isUsable) return [url]
    this.#badValue(element, 'url', 'an http or https address without user and password')
    return []
  }

  #actions(root: XmlElement, elements: readonly XmlElement[], connections: readonly Connection[]): ActionDefinition[] {
    this.#atLeastOne(root, 'transport', elements.length)
    this.#atMost(root, 'transports', elements.length, definitionLimits.maxActions)
    const actions = new Map<string, ActionDefinition>()
    for (const element of elements) {
      this.#checkAttributes(element)
      this.#children(element, {})
      const name = this.#name(element)
      if (actions.has(name)) this.#twice(element, 'transport', name)
      this.#checkHttp(element, 'conntype')
      const connection = this.#connection(element, connections)
      actions.set(name, {
        name,
        method: this.#choice(element, 'method', methods, 'post'),
        form: forms[this.#choice(element, 'enctype', Object.keys(forms), 'application/json')] ?? 'json',
        urls: this.#urls(element, connection?.servers ?? []),
        selection: connection?.selection ?? 'simple',
        ...this.#timeout(element),
      })
    }
    return [...actions.values()]
  }

  #connection(element: XmlElement, connections: readonly Connection[]): Connection | undefined {
    const named = attributeOf(element, 'connection')?.value.text.trim()
    const found = named === undefined ? connections[0] : connections.find(({ name }) => name === named)
    if (found !== undefined) return found
    const allowed = connections.map(({ name }) => name).filter((name) => name !== '')
    if (named === undefined) this.#report('SEG-DFM-003', element.nameSpan, { element: 'dfm', child: 'connection' })
    else this.#badValue(element, 'connection', allowed.join(', ') || 'the name of a connection')
    return undefined
  }

  /** The address at each server: what stands in the file may not lead away from the servers that it lists. */
  #urls(element: XmlElement, servers: readonly URL[]): readonly string[] {
    const text = attributeOf(element, 'url')?.value.text.trim() ?? ''
    const urls = servers.map((server) => (URL.canParse(text, server.href) ? new URL(text, server) : undefined))
    const areAtServers = urls.every((url, index) => url !== undefined && url.origin === servers[index]?.origin)
    const isPlain = !text.includes('#') && urls.every((url) => url?.username === '' && url.password === '')
    if (areAtServers && isPlain) return urls.flatMap((url) => url?.href ?? [])
    this.#badValue(element, 'url', 'a path at the servers, such as "/callback/notify"')
    return []
  }

  #timeout(element: XmlElement): { readonly timeoutS?: number } {
    const text = attributeOf(element, 'timeout')?.value.text.trim()
    if (text === undefined) return {}
    const timeoutS = Number(text)
    if (text !== '' && timeoutS > 0 && timeoutS <= 600) return { timeoutS }
    this.#badValue(element, 'timeout', 'seconds, more than 0 and at most 600')
    return {}
  }

  #name(element: XmlElement): string {
    const name = this.#required(element, 'name')
    if (name !== '' && !/^[A-Za-z_][\w-]{0,63}$/.test(name))
      this.#badValue(element, 'name', 'a letter, then letters, digits, "_" and "-", at most 64')
    return name
  }

  #required(element: XmlElement, attribute: string): string {
    const text = attributeOf(element, attribute)?.value.text.trim() ?? ''
    if (text === '') this.#report('SEG-DFM-002', element.nameSpan, { element: element.name, attribute })
    return text
  }

  #choice<T extends string>(element: XmlElement, attribute: string, allowed: readonly T[], otherwise: T): T {
    const written = attributeOf(element, attribute)?.value.text.trim().toLowerCase()
    const found = allowed.find((one) => one === written)
    if (written !== undefined && found === undefined) this.#badValue(element, attribute, allowed.join(', '))
    return found ?? otherwise
  }

  /** The one protocol that there is has to be named all the same. */
  #checkHttp(element: XmlElement, attribute: string): void {
    const text = this.#required(element, attribute)
    if (text !== '' && text.toLowerCase() !== 'http') this.#badValue(element, attribute, 'http')
  }

  /** Children by local name; `wrapped` names the ones allowed, each with the element that may stand around several. */
  #children(parent: XmlElement, wrapped: Readonly<Record<string, string>>): readonly XmlElement[] {
    return childElements(parent).flatMap((child): readonly XmlElement[] => {
      if (Object.hasOwn(wrapped, child.local)) return [child]
      const inside = Object.entries(wrapped).find(([, wrapper]) => wrapper === child.local)?.[0]
      if (inside !== undefined) return this.#children(child, { [inside]: '' })
      const allowed = Object.keys(wrapped).join(', ') || 'nothing'
      this.#report('SEG-DFM-001', child.nameSpan, { element: child.name, parent: parent.name, allowed })
      return []
    })
  }

  #checkAttributes(element: XmlElement): void {
    const known = attributes[element.local] ?? []
    for (const { name, nameSpan, namespace } of element.attributes) {
      if (namespace !== '' || name === 'xmlns' || known.includes(name)) continue
      this.#report('SEG-DFM-006', nameSpan, { element: element.name, attribute: name, allowed: known.join(', ') })
    }
  }

  #badValue(element: XmlElement, attribute: string, expected: string): void {
    const found = attributeOf(element, attribute)
    const value = (found?.value.text ?? '').slice(0, 80)
    this.#report('SEG-DFM-004', found?.value.span ?? element.nameSpan, { attribute, value, expected })
  }

  #twice(element: XmlElement, kind: string, name: string): void {
    this.#report('SEG-DFM-005', attributeOf(element, 'name')?.value.span ?? element.nameSpan, { kind, name })
  }

  #atLeastOne(element: XmlElement, child: string, count: number): void {
    const hasTold = this.diagnostics.some(({ severity }) => severity === 'error')
    if (count === 0 && !hasTold) this.#report('SEG-DFM-003', element.nameSpan, { element: element.name, child })
  }

  #atMost(element: XmlElement, what: string, count: number, limit: number): void {
    if (count > limit) this.#report('SEG-DFM-007', element.nameSpan, { what, limit, count })
  }

  #report(code: DefinitionFaultCode, span: Span, values: Readonly<Record<string, string | number>>): void {
    this.diagnostics.push(definitionDiagnostic(code, span, values))
  }
}
