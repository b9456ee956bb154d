import { ScriptError } from './script/contract.ts'
import type { StepHost } from './step/contract.ts'

/**
 * Host of sessions whose documents use no modules and know no other session: all that the engine needs besides its
 * input. Spread it to change a member: `{ ...standaloneHost(), mayReach: (id) => sessions.has(id) }`.
 *
 * Errors: a send to another session, or an element of a module, raises an error event that says so.
 */
export function standaloneHost(documentUrl = 'memory:document.scxml'): StepHost {
  return {
    modules: [],
    documentUrl,
    view: () => '{}',
    viewVersion: () => 0,
    call: (module, name) => ({ ok: false, message: `this host has no module "${module}" with a function "${name}"` }),
    act: ({ element, module }) => {
      const message = `this host has no module "${module}" that could perform "${element}"`
      throw new ScriptError({ type: 'Error', message, cause: 'thrown', span: undefined })
    },
    mayReach: () => false,
  }
}
