import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sharedFolder } from '@segue/testing'
import { describeModules } from '../src/describe-modules.ts'
import { allModules, elementNamespaces } from '../src/modules.ts'

/** Elements and attributes of the reference, by module. */
const reference: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  queue: {
    submit:
      'requestid interactionid queue priority ordertype orderstat timeout clearontimeout route src clearqueue hints type',
    targets: 'type statserver',
    target: 'name type statserver skillexpr weight threshold switch',
    targetid: 'expr',
    activity: 'name cutofftime statserver',
    workbin: 'type name loggedin',
    targetblockclearing: 'expr',
    cancel: 'requestid queue interactionid',
    query: 'requestid interactionid',
    update: 'requestid priority',
  },
  interaction: {
    terminate: 'requestid interactionid reason resource hints',
    redirect: 'requestid interactionid from to type hints detach reason',
    associate: 'requestid interactionid sessionid hints',
    attach: 'requestid interactionid hints',
    detach: 'requestid interactionid hints',
    accept: 'requestid interactionid resource reason hints',
    createcall: 'requestid from to type reason udata hints timeout',
    hold: 'requestid interactionid resource reason hints',
    retrieve: 'requestid interactionid resource reason hints',
    createmessage: 'requestid type media server interactionid queue from to cc bcc subject udata hints',
    sendmessage: 'requestid interactionid server hints',
    getcontent: 'requestid interactionid',
    sendchatmessage: 'requestid interactionid from message hints',
    gettranscript: 'requestid interactionid',
  },
  dialog: {
    prompts: 'type',
    prompt: 'interrupt intid number userannid text userid',
    input:
      'max_digits term_digits abort_digits ignore_digits backspace_digits reset_digits start_timeout digit_timeout total_timeout clear verify_digits num_attempts',
    play: 'requestid interactionid device language hints',
    collect: 'requestid interactionid device language hints',
    playandcollect: 'requestid interactionid device language hints',
    playandverify: 'requestid interactionid device language hints',
    playsound: 'requestid interactionid device hints type resource duration count',
    start: 'requestid interactionid device hints type src resource',
    stop: 'requestid interactionid',
    pause: 'duration',
    remote: 'requestid interactionid destination default',
    createann: 'requestid interactionid language userid',
    deleteann: 'requestid interactionid userid userannid',
    setdialogdest: 'destination',
    setdefaultdest: 'destination',
    setdefaultdestination: 'destination',
    runtreatments: '',
  },
  session: {
    fetch:
      'requestid srcexpr method namelist enctype type maxage maxstale timeout headers gdelivery gd_retries gd_retry_interval hints',
    start: 'sessionid requestid src idealtime hints',
    terminate: 'sessionid requestid',
    updatestart: 'sessionid requestid idealtime',
  },
  ws: { response: 'requestid type resultcode' },
}

const specs = allModules.flatMap(({ name, namespace }) => namespace.elements.map((spec) => ({ module: name, spec })))
const specOf = (module: string, element: string) =>
  specs.find((one) => one.module === module && one.spec.name === element)?.spec

describe('element specifications', () => {
  const rows = Object.entries(reference).flatMap(([module, elements]) =>
    Object.entries(elements).map(([element, attributes]) => ({ module, element, attributes })),
  )
  it.each(rows)('$module:$element has every attribute of the reference', ({ module, element, attributes }) => {
    const names = specOf(module, element)?.attributes.map(({ name }) => name) ?? []

    expect(specOf(module, element)).toBeDefined()
    expect(names).toEqual(expect.arrayContaining(attributes.split(' ').filter((name) => name !== '')))
  })

  it('"requestid" is a location but for the five actions that take it as input', () => {
    const inputs = specs
      .filter(({ spec }) => spec.attributes.some(({ name, kind }) => name === 'requestid' && kind !== 'location'))
      .map(({ module, spec }) => `${module}:${spec.name}`)

    expect(inputs.toSorted()).toEqual(['dialog:stop', 'queue:cancel', 'queue:query', 'queue:update', 'ws:response'])
  })

  it.each([
    ['queue', 'target', 'type', 'literal'],
    ['queue', 'targets', 'type', 'literal'],
    ['dialog', 'prompts', 'type', 'literal'],
    ['interaction', 'createcall', 'type', 'literal'],
    ['dialog', 'start', 'type', 'expression'],
    ['dialog', 'playsound', 'type', 'expression'],
    ['session', 'fetch', 'type', 'expression'],
    ['interaction', 'redirect', 'type', 'expression'],
    ['queue', 'submit', 'timeout', 'expression'],
    ['queue', 'submit', 'route', 'expression-or-text'],
    ['queue', 'submit', 'clearontimeout', 'expression-or-text'],
    ['interaction', 'redirect', 'detach', 'expression-or-text'],
    ['session', 'fetch', 'gdelivery', 'expression-or-text'],
    ['dialog', 'prompt', 'interrupt', 'expression-or-text'],
    ['dialog', 'input', 'clear', 'expression-or-text'],
    ['dialog', 'input', 'ignore_digits', 'expression'],
    ['ws', 'response', 'type', 'expression-or-text'],
  ])('%s:%s reads "%s" as %s', (module, element, attribute, kind) => {
    expect(specOf(module, element)?.attributes.find(({ name }) => name === attribute)?.kind).toBe(kind)
  })

  it('no element and no attribute is declared twice, and every child exists', () => {
    const names = specs.map(({ module, spec }) => `${module}:${spec.name}`)
    const attributes = specs.flatMap(({ module, spec }) =>
      spec.attributes.map((one) => `${module}:${spec.name}@${one.name}`),
    )
    const missing = specs.flatMap(({ module, spec }) =>
      spec.children
        .filter(({ name }) => name !== 'param' && name !== 'content')
        .filter((child) => specOf(child.module ?? module, child.name) === undefined)
        .map(({ name }) => `${module}:${spec.name}/${name}`),
    )

    expect(new Set(names).size).toBe(names.length)
    expect(new Set(attributes).size).toBe(attributes.length)
    expect(missing).toEqual([])
  })

  it('a submit may hold treatments of the dialog module', () => {
    expect(specOf('queue', 'submit')?.children).toContainEqual({ name: 'runtreatments', module: 'dialog', max: 1 })
    expect(specOf('dialog', 'runtreatments')?.children.map(({ name }) => name)).toContain('pause')
  })

  it.each([
    'session',
    'ws',
    'queue',
    'interaction',
    'dialog',
    'classification',
    'statistic',
    'resource',
    'elasticconnector',
    'agent',
  ])('the namespace of %s is known with and without "http://"', (module) => {
    const found = elementNamespaces.find((one) => one.module === module)

    expect(found?.uris).toEqual([`www.genesyslab.com/modules/${module}`, `http://www.genesyslab.com/modules/${module}`])
  })

  it('the data for the reference is JSON and names all modules, roots and functions', () => {
    const described = describeModules()
    const functions = described.flatMap(({ roots }) =>
      roots.flatMap(({ root, functions: own }) => own.map(({ name }) => `${root}.${name}`)),
    )

    expect(JSON.parse(JSON.stringify(described))).toEqual(described)
    expect(described.flatMap(({ roots }) => roots.map(({ root }) => root))).toEqual(
      expect.arrayContaining(['session', 'ixn', 'queue', 'voice', 'resource', 'statistic', 'dialog', 'ws']),
    )
    expect(functions).toEqual(
      expect.arrayContaining(['ixn.setuData', 'session.getListItemValue', 'queue.excludeAgents']),
    )
  })

  const shared = sharedFolder()
  it.skipIf(shared === undefined)('every element and attribute of the sample applications is declared', () => {
    const unknown = new Set<string>()
    const prefixes: Readonly<Record<string, string>> = { ixn: 'interaction' }
    const folder = join(shared ?? '', 'fixtures/apps')
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.scxml'))
    for (const file of files) {
      const text = readFileSync(join(folder, file), 'utf8')
      for (const [, prefix = '', name = '', rest = ''] of text.matchAll(
        /<(queue|ixn|dialog|session|ws):(\w+)([^>]*)>/g,
      )) {
        const spec = specOf(prefixes[prefix] ?? prefix, name)
        if (spec === undefined) unknown.add(`${prefix}:${name}`)
        for (const [, attribute = ''] of rest.replaceAll(/"[^"]*"/g, '""').matchAll(/([\w-]+)=""/g))
          if (!spec?.attributes.some((one) => one.name === attribute)) unknown.add(`${prefix}:${name}@${attribute}`)
      }
    }

    expect(files.length).toBeGreaterThan(0)
    expect([...unknown]).toEqual([])
  })
})
