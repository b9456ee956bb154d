import type { Document } from '../read/document.ts'
import type { ScriptProgram } from '../script/contract.ts'
import type { Chart } from './chart.ts'

/** A compiled document bound to a realm: what sessions of one application version share. */
export interface Application {
  readonly chart: Chart
  readonly program: ScriptProgram
}

/** Address, settings and sources of the document behind a chart. */
export type ChartOrigin = Pick<Document, 'url' | 'dialect' | 'dataModel' | 'name' | 'settings' | 'sources'>
