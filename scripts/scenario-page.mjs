// Reference of scenario files, from the descriptions in their schema.

const INTRO = `# Scenario files

A scenario file says in YAML what is given, what happens and what has to be so then. \`segue test [paths]\` runs every \`*.scenario.yaml\` below a folder;
the [guide](../guides/test-an-application.md) begins with a first one. For completion in an editor, begin a file with

\`\`\`yaml
# yaml-language-server: $schema=PATH/docs/reference/scenario.schema.json
\`\`\`

Steps happen in the order in which they are written, also the keys of one step. Everything that needs no time has happened when a step ends; time passes only with
\`wait\` and \`wait until\`. Each scenario has a world of its own: nothing is left from the one before.

## Values

**Times** are \`3s\`, \`500 ms\`, \`1 minute 30 seconds\`, \`2h\`. **Points in time** are \`2024-01-17T12:00:00Z\`, or \`2024-01-17T12:00\` in the \`zone\` that is given.

**\`\${…}\`** is filled in wherever a text stands in a step:

| written | becomes |
|---|---|
| \`\${caller}\` | id of the call, interaction or session that a step has called \`caller\` (\`as: caller\`; without \`as\`: \`call\`, \`interaction\`, \`session\`) |
| \`\${folder}\` | address of the folder of the application, without a slash at its end |
| \`\${session}\`, \`\${session of caller}\` | id of the only session, or of the one that has this call |
| \`\${requestid of dialog:start}\` | request id of the last such action |

**Expected values.** Objects need not be complete: only what is written is compared, and a key may be a path such as \`order.total\`. Lists have to be complete and in
order. A text between slashes is a pattern: \`/^failed error/\`. An object with one of these keys alone says more:

| written | true when |
|---|---|
| \`{ any: true }\` | there is a value |
| \`{ none: true }\` | there is none |
| \`{ not: x }\` | it is not as \`x\` says |
| \`{ contains: text }\`, \`{ matches: pattern }\` | the text contains it, or fits |
| \`{ includes: x }\` | the list has a member as \`x\` says |
| \`{ one of: [x, y] }\` | it is as one of them says |
| \`{ at least: 3 }\`, \`{ at most: 5 }\` | the number is in the range |
| \`{ exactly: x }\` | it is \`x\` and has nothing else |

Names of actions and events may hold \`*\` for any text: \`queue:*\`, \`error.*\`.

## Nothing unexpected

Every scenario ends with a look at what nobody asked for, and fails when there is something: scripts and expressions that failed, \`error.*\` events that no transition took, refused actions,
incidents, web requests without a stub. A \`then\` with \`error\` or \`errors\` expects the first two, one with \`incidents\` those; \`allow\` lists the rest.

## Scenarios in JavaScript

A file \`*.scenario.mjs\` (or \`*.scenario.ts\`: translated, not type-checked) exports \`scenarios\`, and if needed \`about\`, \`application\` and \`given\`, as in YAML. Each scenario has \`name\` and \`run\`, may have
\`tags\`, \`skip\`, \`given\`, \`allow\`, and gets these tools:

\`\`\`js
export const given = { time: '2024-01-17T12:00:00Z' }
export const scenarios = [
  {
    name: 'ten callers are all greeted',
    async run({ world, when, expect, note, idOf }) {
      for (let n = 1; n <= 10; n += 1) {
        await when({ call: { from: \`030\${n}\`, to: '4200', as: \`caller \${n}\` } })
        await expect({ session: \`caller \${n}\`, action: 'dialog:start' })
      }
    },
  },
]
\`\`\`

\`when\` and \`expect\` take what \`when\` and \`then\` of a file hold; \`world\` is the world of the testing package; \`note\` writes into the story of a failure; \`idOf\` gives the id of
something that a step has named. Whatever \`run\` throws fails the scenario.
`

/** The page as Markdown. */
export function scenarioPage(note, schema) {
  const { properties } = schema
  const scenario = properties.scenarios.items
  const step = (name) => object(scenario.properties[name])
  return [
    note,
    INTRO,
    '## The file',
    '',
    ...table(schema),
    '## `given`',
    '',
    ...withParts(object(properties.given)),
    '## A scenario',
    '',
    ...table(scenario),
    ...part('steps', scenario.properties.steps.items),
    '## `when`',
    '',
    ...withParts(step('when')),
    '## `then`',
    '',
    ...withParts(step('then')),
  ].join('\n')
}

function withParts(node) {
  const parts = Object.entries(node.properties).flatMap(([name, member]) => {
    const inner = object(member)
    return inner?.properties === undefined ? [] : part(name, inner)
  })
  return [...table(node), ...parts]
}

/** First key whose table has these rows: the same table stands once. */
const shown = new Map()

function part(name, node) {
  const rows = table(node)
  const first = shown.get(rows.join())
  if (first === name) return []
  shown.set(rows.join(), first ?? name)
  return [`### \`${name}\``, '', ...(first === undefined ? rows : [`As \`${first}\`.`, ''])]
}

function table(node) {
  const required = node.required ?? []
  const rows = Object.entries(node.properties).map(([name, member]) => {
    const isRequired = required.includes(name) ? ' **required**' : ''
    return `| \`${name}\` | ${typeText(member)}${isRequired} | ${describe(member)} |`
  })
  return ['| key | value | meaning |', '|---|---|---|', ...rows, '']
}

function describe(node) {
  return (node.description ?? object(node)?.description ?? '').replaceAll('|', '\\|').replaceAll('\n', ' ')
}

/** The object that a value may be, directly, as one of several ways to write it, or as member of a list or map. */
function object(node) {
  if (node === undefined) return undefined
  if (node.properties !== undefined) return node
  for (const way of node.anyOf ?? []) {
    const found = object(way)
    if (found !== undefined) return found
  }
  return (
    object(node.items) ??
    (typeof node.additionalProperties === 'object' ? object(node.additionalProperties) : undefined)
  )
}

function typeText(node) {
  if (node.anyOf !== undefined) {
    const texts = node.anyOf.map(typeText)
    if (texts.includes('text') && texts.includes('number')) texts.splice(texts.indexOf('number'), 1)
    return [...new Set(texts)].join(' or ')
  }
  if (node.const !== undefined) return `\`${node.const}\``
  if (node.enum !== undefined) return node.enum.map((one) => `\`${one}\``).join(', ')
  if (node.type === 'array')
    return node.items?.properties === undefined ? `list of ${typeText(node.items ?? {})}` : 'list'
  if (node.properties !== undefined) return 'keys'
  if (node.type === 'object') return 'map'
  if (node.type === 'integer' || node.type === 'number') return 'number'
  if (node.type === 'boolean') return '`true` or `false`'
  return node.type === 'string' ? 'text' : 'any value'
}
