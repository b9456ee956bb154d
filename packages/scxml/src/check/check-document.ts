import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { DocumentLimits } from '../read/limits.ts'
import type { Document } from '../read/document.ts'
import { defaultDocumentLimits } from '../read/limits.ts'
import { viewChart } from './chart-view.ts'
import type { Rule } from './rule.ts'
import { checkData } from './rules/data.ts'
import { checkDoneEvents } from './rules/done-events.ts'
import { checkEventDescriptors } from './rules/event-descriptors.ts'
import { checkHistoryDefaults } from './rules/history-defaults.ts'
import { checkInitial } from './rules/initial.ts'
import { checkReach } from './rules/reach.ts'
import { checkShadowed } from './rules/shadowed.ts'
import { checkStateCount } from './rules/state-count.ts'
import { checkSubmitErrors } from './rules/submit-errors.ts'
import { checkTargetSets } from './rules/target-sets.ts'
import { checkTargets } from './rules/targets.ts'
import { checkTimers } from './rules/timers.ts'
import { checkTransitions } from './rules/transitions.ts'
import { checkUniqueIds } from './rules/unique-ids.ts'
import { checkUntakenEvents } from './rules/untaken-events.ts'

const rules: readonly Rule[] = [
  checkStateCount,
  checkUniqueIds,
  checkTargets,
  checkInitial,
  checkHistoryDefaults,
  checkTargetSets,
  checkTransitions,
  checkEventDescriptors,
  checkData,
  checkUntakenEvents,
  checkDoneEvents,
  checkReach,
  checkShadowed,
  checkTimers,
  checkSubmitErrors,
]

/**
 * Findings about a document as a whole.
 *
 * Order: rule by rule, each in document order.
 */
export function checkDocument(
  document: Document,
  limits: Pick<DocumentLimits, 'maxStates'> = defaultDocumentLimits,
): readonly Diagnostic[] {
  const view = viewChart(document)
  return rules.flatMap((rule) => rule(view, limits))
}
