import type { Module, PlannedAction, Plan } from '@segue/runtime'
import type { ElementSpec } from '@segue/scxml'
import { readAttributes } from '../attribute-reader.ts'
import { hintsAttribute, objectAttribute, requestIdLocation, secondsAttribute } from '../element-attributes.ts'
import { fault } from '../errors.ts'
import { fetchPayload } from '../fetch-body.ts'
import { fetchHeaders } from '../fetch-headers.ts'
import { refused } from '../refusal.ts'
import type { ActionDefinition, ModuleDefinition } from './definition.ts'

/** The module that a definition file declares: its actions become calls, performed by `perform.ts`. Spec: scxml-dialect §13. */
export function definedModule(definition: ModuleDefinition): Module<null> {
  const { actions, name, uris } = definition
  return {
    name,
    roots: [],
    namespace: { module: name, uris, elements: actions.map((action) => elementSpec(name, action)) },
    functions: [],
    initial: () => null,
    plan: (action) => planCall(definition, action),
    apply: (_notice, slice) => slice,
    view: () => ({}),
  }
}

function elementSpec(module: string, { method, name, urls }: ActionDefinition): ElementSpec {
  return {
    name,
    kind: 'action',
    attributes: [
      requestIdLocation,
      secondsAttribute('timeout', { doc: 'When to give up.', confidence: 'choice' }),
      objectAttribute('headers', { doc: 'Headers of the request by name.', confidence: 'choice' }),
      hintsAttribute,
    ],
    children: [{ name: 'param' }, { name: 'content', max: 1 }],
    events: [`${module}.${name}.done`, `error.${module}.${name}`],
    doc: `Calls ${urls.join(' or ')} by ${method}. Parameters become the query of get and delete, the body of post and put.`,
    source: 'scxml-dialect §13',
    confidence: 'doc',
  }
}

/** Errors: `invalidparams` for values that cannot be sent. */
function planCall({ actions, name }: ModuleDefinition, action: PlannedAction): Plan<null> {
  const definition = actions.find((one) => one.name === action.element)
  const read = readAttributes(action)
  const headers = fetchHeaders(read)
  const timeoutS = read.seconds('timeout') || definition?.timeoutS
  if (action.params.length > 0 && action.content !== undefined)
    read.note('SEG-MODULE-007', { element: 'content', advice: 'use either "param" or "content"' })
  if (definition === undefined || read.problem !== undefined) {
    const unknown = { what: 'the action', element: action.element, advice: 'use one that its definition file lists' }
    const problem = read.problem ?? fault('SEG-MODULE-005', unknown)
    return refused(action, { domain: name, error: 'invalidparams', fault: problem })
  }
  const hasBody = definition.method === 'post' || definition.method === 'put'
  const payloads = definition.urls.map((url) => fetchPayload(action, new URL(url), { hasBody, form: definition.form }))
  const body = {
    requestId: action.requestId,
    module: name,
    action: definition.name,
    urls: payloads.map(({ url }) => url.href),
    servers: definition.urls.map((url) => new URL(url).origin),
    selection: definition.selection,
    method: definition.method.toUpperCase(),
    headers,
    contentType: payloads[0]?.contentType,
    requestBody: payloads[0]?.requestBody,
    expectType: '',
    timeoutS,
  }
  return { kind: 'planned', commands: [{ type: 'dfm.call', mode: 'open', body }] }
}
