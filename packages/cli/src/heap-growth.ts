import { setFlagsFromString } from 'node:v8'

/**
 * How much a heap may grow before it is collected again. V8 lets it grow to four times of what lives on a machine with much
 * memory; a node holds many small sessions for hours, and would hold as much garbage beside them.
 */
const HEAP_GROWTH_PERCENT = 50

/** For programs that serve sessions; before most of their memory is in use. */
export function limitHeapGrowth(): void {
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH_PERCENT}`)
}
