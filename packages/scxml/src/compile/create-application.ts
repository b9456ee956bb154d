import { bindProgram } from '../script/bind-program.ts'
import type { BindOptions } from '../script/bind-program.ts'
import type { Realm } from '../script/contract.ts'
import type { Application } from './application.ts'
import type { Chart } from './chart.ts'

/** Binds a chart to a realm: what all sessions of one application version in one process share. */
export function createApplication(chart: Chart, realm: Realm, options: BindOptions = {}): Application {
  return { chart, program: bindProgram(chart.scripts, realm, options) }
}
