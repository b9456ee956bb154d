/** What the engine does when the fault happens. */
export type Handling = 'retry' | 'terminal' | 'pause' | 'cancelled' | 'continue'

/** One entry of a package's catalogue of errors. `{name}` in texts is replaced by the parameter of that name. */
export interface FaultSpec {
  readonly message: string
  readonly hint: string
  readonly severity?: 'error' | 'warning' | 'info'
  readonly handling?: Handling
  /** HTTP status, where the fault can reach an HTTP client. */
  readonly status?: number
}

/** Fills `{name}` places of a template; a missing parameter stays visible. */
export function fillTemplate(template: string, parameters: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => String(parameters[name] ?? whole))
}
