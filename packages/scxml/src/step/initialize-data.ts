import type { ChartDatum } from '../compile/chart.ts'
import { touchedAll } from '../script/touch.ts'
import { raiseScriptError } from './errors.ts'
import type { Macrostep } from './macrostep.ts'

/**
 * Gives data their start values: the start parameter of that name, else what the document says.
 *
 * Errors: a value that fails leaves the datum undefined and raises one error event.
 * Order: document order. Spec: SCXML 1.0, appendix D, initializeDataModel; 5.3.
 */
export function initializeData(macrostep: Macrostep, data: readonly ChartDatum[]): void {
  if (data.length > 0) macrostep.touch(touchedAll)
  for (const datum of data) {
    if (macrostep.breach !== undefined) return
    try {
      macrostep.program.setDatum(datum.id, initialValue(macrostep, datum))
    } catch (thrown) {
      macrostep.program.setDatum(datum.id, undefined)
      raiseScriptError(macrostep, 'data', thrown, datum.place)
    }
  }
}

function initialValue(macrostep: Macrostep, { id, value, isTopLevel }: ChartDatum): unknown {
  const { chart, program, session } = macrostep
  const parameters = session.identity.parameters
  const isFromSource = value.kind === 'content' && value.isFromSource
  const takesParameters = isTopLevel || chart.origin.dialect === 'orchestration'
  // W3C parameters replace fetched values too: 6.4 knows no exception.
  const isReplaceable = takesParameters && (chart.origin.dialect === 'w3c' || !isFromSource)
  if (isReplaceable && Object.hasOwn(parameters, id)) return program.decode(parameters[id] ?? '')
  switch (value.kind) {
    case 'none':
      return undefined
    case 'piece':
      return macrostep.evaluate(value.piece)
    case 'content':
      return program.readContent(value.text)
  }
}
