import type { Action } from '@segue/scxml'
import type { PlannedAction } from './contract.ts'
import { plainValue } from './plain-value.ts'

/** An executed action with its values decoded, as `plan` takes it. */
export function plannedAction(action: Action): PlannedAction {
  const attributes: Record<string, unknown> = {}
  for (const [name, encoded] of Object.entries(action.attributes)) {
    const value = plainValue(encoded)
    if (value !== undefined) attributes[name] = value
  }
  return {
    element: action.element,
    requestId: action.requestId,
    attributes,
    params: action.params.map(({ name, value }) => ({ name, value: plainValue(value) })),
    content: action.content === undefined ? undefined : { value: plainValue(action.content) },
    children: action.children.map(plannedAction),
    source: action,
  }
}
