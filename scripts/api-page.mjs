// The API reference of a package, from the names that its index.ts exports and their doc comments. Reads sources only.
import { readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import ts from 'typescript'

/** Lines of a doc comment that stand by themselves. */
const factNames = ['Units', 'Errors', 'Order', 'Cost', 'Spec']

/** Markdown of the reference of a package folder; `intro` stands below the title. Order: by kind, then by name. */
export function apiPage({ note, title, intro, folder }) {
  const files = new Map()
  const entries = exportsOf(join(folder, 'src/index.ts'), files)
    .map(({ name, file }) => describe(name, declarationOf(file, name, files), relative(folder, file)))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
  const section = (heading, kind) => [
    `## ${heading}`,
    '',
    ...entries.filter((entry) => entry.kind === kind).flatMap(entryLines),
  ]
  return [
    note,
    `# ${title}`,
    '',
    intro,
    '',
    ...section('Functions', 'function'),
    ...section('Values', 'value'),
    ...section('Types', 'type'),
  ].join('\n')
}

function entryLines({ name, kind, signature, summary, facts, place }) {
  // A signature that says nothing beyond the name is the heading alone.
  const code = signature === undefined ? [] : ['```ts', signature, '```', '']
  const lines = [`### \`${name}${kind === 'function' ? '()' : ''}\``, '', ...code]
  if (summary !== '') lines.push(summary, '')
  for (const [fact, text] of facts) lines.push(`- **${fact}:** ${text}`)
  if (facts.length > 0) lines.push('')
  lines.push(`<sub>${place}</sub>`, '')
  return lines
}

/** Names that an index exports, each with the file that declares it; other indexes are followed. */
function exportsOf(index, files) {
  return sourceFile(index, files).statements.flatMap((statement) => {
    if (!ts.isExportDeclaration(statement)) return []
    const { exportClause, moduleSpecifier } = statement
    if (exportClause === undefined || !ts.isNamedExports(exportClause) || moduleSpecifier === undefined) {
      throw new Error(`${index}: only exports by name from a file can be described`)
    }
    return exportClause.elements.map(({ name }) => ({
      name: name.text,
      file: declaringFile(join(dirname(index), moduleSpecifier.text), name.text, files),
    }))
  })
}

function declaringFile(file, name, files) {
  if (!file.endsWith('/index.ts')) return file
  const found = exportsOf(file, files).find((entry) => entry.name === name)
  if (found === undefined) throw new Error(`${file} does not export "${name}"`)
  return found.file
}

function declarationOf(file, name, files) {
  for (const statement of sourceFile(file, files).statements) {
    if (ts.isVariableStatement(statement)) {
      const found = statement.declarationList.declarations.find((declaration) => declaration.name.text === name)
      if (found !== undefined) return found
    } else if ('name' in statement && statement.name?.text === name) return statement
  }
  throw new Error(`${file} does not declare "${name}"`)
}

function describe(name, node, place) {
  const { summary, facts } = docOf(ts.isVariableDeclaration(node) ? node.parent.parent : node)
  return { name, place: place.replaceAll('\\', '/'), summary, facts, ...shapeOf(node) }
}

function shapeOf(node) {
  if (ts.isFunctionDeclaration(node)) {
    const parameters = node.parameters.map(parameterText).join(', ')
    const generics = node.typeParameters === undefined ? '' : `<${node.typeParameters.map(textOf).join(', ')}>`
    return { kind: 'function', signature: `${node.name.text}${generics}(${parameters}): ${textOf(node.type)}` }
  }
  if (ts.isVariableDeclaration(node)) {
    const type = node.type === undefined ? undefined : `${node.name.text}: ${textOf(node.type)}`
    return { kind: 'value', signature: type }
  }
  if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) {
    return { kind: 'type', signature: withoutNoise(node.getText()) }
  }
  throw new Error(`"${node.name?.text}" is of a kind that the API page does not know`)
}

/** Name and type; a parameter with a default is one that may be left out. */
function parameterText({ name, type, initializer, questionToken }) {
  const isOptional = initializer !== undefined || questionToken !== undefined
  const text = ts.isIdentifier(name) ? name.text : 'options'
  const given = type === undefined ? typeOfLiteral(initializer) : textOf(type)
  return `${text}${isOptional ? '?' : ''}: ${given}`
}

function typeOfLiteral(initializer) {
  if (initializer !== undefined && ts.isStringLiteral(initializer)) return 'string'
  if (initializer !== undefined && ts.isNumericLiteral(initializer)) return 'number'
  throw new Error(`a public parameter has no type: ${initializer?.parent.getText()}`)
}

/** Everything public is readonly and exported: saying so on each line would hide the rest. */
function withoutNoise(text) {
  return text.replace(/^export /, '').replaceAll(/\breadonly (?=[\w'"]+\??:)/g, '')
}

function textOf(node) {
  return node.getText().replace(/\s+/g, ' ')
}

/** First paragraph of a doc comment, and its lines of facts. */
function docOf(node) {
  const comment = ts.getJSDocCommentsAndTags(node).at(-1)
  const text = comment === undefined ? '' : (ts.getTextOfJSDocComment(comment.comment) ?? '')
  const facts = []
  const prose = []
  for (const line of text.split('\n')) {
    const [, fact, said] = /^(\w+): (.*)$/.exec(line.trim()) ?? []
    if (factNames.includes(fact)) facts.push([fact, said])
    else if (facts.length > 0 && line.trim() !== '') facts.at(-1)[1] += ` ${line.trim()}`
    else if (facts.length === 0) prose.push(line)
  }
  return { summary: prose.join('\n').split('\n\n')[0].replace(/\s+/g, ' ').trim(), facts }
}

function sourceFile(path, files) {
  const known = files.get(path)
  if (known !== undefined) return known
  const parsed = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ES2023, true)
  files.set(path, parsed)
  return parsed
}
