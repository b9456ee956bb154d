import { FunctionError } from '../../src/module/contract.ts'
import type {
  Module,
  ModuleContext,
  ModuleFunction,
  ModuleNotice,
  PlannedAction,
  Plan,
} from '../../src/module/contract.ts'

/** Slice of the tiny module: calls that it holds, and how often it was asked. */
export interface TinySlice {
  readonly calls: Readonly<Record<string, { readonly state: string }>>
  readonly asked: number
}

const functions: readonly ModuleFunction<TinySlice>[] = [
  {
    kind: 'read',
    root: 'tiny',
    name: 'stateOf',
    doc: 'state of a call',
    call: ([id], slice) => {
      const found = slice.calls[String(id)]
      if (found === undefined) throw new FunctionError(`no call "${String(id)}"`)
      return found.state
    },
  },
  {
    kind: 'act',
    root: 'tiny',
    name: 'mark',
    doc: 'marks a call',
    call: ([id], slice) => ({
      value: true,
      commands: [{ type: 'tiny.mark', mode: 'once', body: { id } }],
      slice: { ...slice, asked: slice.asked + 1 },
    }),
  },
]

/** A module as small as one can be that uses everything of the contract. */
export const tinyModule: Module = erase<TinySlice>({
  name: 'tiny',
  roots: [
    { root: 'tiny', constants: { Colour: { Red: 1 } } },
    { root: 'tinytypes', constants: { Blue: 2 } },
  ],
  namespace: {
    module: 'tiny',
    uris: ['www.example.com/tiny', 'http://www.example.com/tiny'],
    elements: [
      {
        name: 'ring',
        kind: 'action',
        attributes: [
          { name: 'requestid', kind: 'location', type: 'string', doc: '', confidence: 'choice' },
          { name: 'call', kind: 'expression', type: 'string', required: true, doc: '', confidence: 'choice' },
        ],
        children: [],
        events: ['tiny.ring.done', 'error.tiny.ring'],
        doc: 'rings',
        source: '',
        confidence: 'choice',
      },
      {
        name: 'command',
        kind: 'action',
        attributes: [
          { name: 'name', kind: 'expression', type: 'string', required: true, doc: '', confidence: 'choice' },
          { name: 'body', kind: 'expression', type: 'object', required: true, doc: '', confidence: 'choice' },
        ],
        children: [],
        events: [],
        doc: 'plans an open command as it is given',
        source: '',
        confidence: 'choice',
      },
    ],
  },
  functions,
  initial: () => ({ calls: {}, asked: 0 }),
  plan: planRing,
  apply: applyCall,
  view: (slice: TinySlice, context: ModuleContext) => ({
    calls: slice.calls,
    asked: slice.asked,
    greeting: context.replica ?? 'none',
  }),
  end: (slice) => Object.keys(slice.calls).map((id) => ({ type: 'tiny.release', mode: 'once', body: { id } })),
})

function planRing(action: PlannedAction, slice: TinySlice): Plan<TinySlice> {
  if (action.element === 'command') {
    const { name, body } = action.attributes
    const isBody = typeof body === 'object' && body !== null
    return { kind: 'planned', commands: [{ type: String(name), mode: 'open', body: isBody ? { ...body } : {} }] }
  }
  const call = action.attributes['call']
  if (typeof call !== 'string' || slice.calls[call] === undefined) {
    const data = { requestid: action.requestId, error: 'unknowncall', description: `no call "${String(call)}"` }
    return { kind: 'refused', event: { name: 'error.tiny.ring', data } }
  }
  return {
    kind: 'planned',
    commands: [{ type: 'tiny.ring', mode: 'open', body: { requestId: action.requestId, call } }],
    slice: { ...slice, asked: slice.asked + 1 },
  }
}

function applyCall(notice: ModuleNotice, slice: TinySlice): TinySlice {
  const { payload } = notice
  if (typeof payload !== 'object' || payload === null || !('put' in payload)) return slice
  return { ...slice, calls: { ...slice.calls, [String(payload.put)]: { state: 'ringing' } } }
}

/** A module behind the type that does not name its slice, as a list of modules holds it. */
function erase<Slice>(module: Module<Slice>): Module {
  return module as unknown as Module
}
