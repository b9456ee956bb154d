import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { DocumentLimits } from '../read/limits.ts'
import type { ChartView } from './chart-view.ts'

/** One rule about a whole document. */
export type Rule = (view: ChartView, limits: Pick<DocumentLimits, 'maxStates'>) => readonly Diagnostic[]
