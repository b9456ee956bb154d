import { scriptLimits } from './limits.ts'
import type { GeneratedNames } from './rewrite-context.ts'

/** What stands in loops and at the head of functions. Spec: script-rules E15. */
export function burnFuel({ prelude, state }: GeneratedNames): string {
  return `if(--${state}.f<0)${prelude}.spent();`
}

/** An exception costs far more time than a loop round; what has spent the fuel is thrown on. */
export function chargeCatch({ prelude, state }: GeneratedNames): string {
  return `if((${state}.f-=${scriptLimits.fuelPerCatch})<0)${prelude}.spent();`
}

/** No `finally` runs when the fuel is gone. */
export function rethrowSpent({ prelude, state }: GeneratedNames): string {
  return `if(${state}.f<0)${prelude}.spent();`
}
