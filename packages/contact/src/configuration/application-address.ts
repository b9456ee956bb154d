import type { ApplicationObject, Configuration } from './configuration.ts'

/** What a routing point starts: address, second address, parameters. */
export type ApplicationAddress = Pick<ApplicationObject, 'url' | 'alternateUrl' | 'parameters'>

const scriptPrefix = 'script:'

/** Whether the application of a routing point is written as one or two addresses instead of a name. */
export function isAddress(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text)
}

/** Name of the application object that the application of a routing point names; `undefined`: it is an address. */
export function applicationNameOf(text: string): string | undefined {
  if (isAddress(text)) return undefined
  return text.startsWith(scriptPrefix) ? text.slice(scriptPrefix.length) : text
}

/**
 * The application of a routing point: the name of an application object, also as `script:<name>`, or one address, or two
 * with a blank between them. `undefined`: no application has this name.
 *
 * Spec: scxml-dialect §11.
 */
export function applicationOf(configuration: Configuration, text: string): ApplicationAddress | undefined {
  const name = applicationNameOf(text)
  if (name !== undefined) return configuration.applications.find((one) => one.name === name)
  const [url = '', alternateUrl] = text.trim().split(/\s+/).map(normalized)
  return { url, alternateUrl, parameters: {} }
}

/** The application object whose address this is, or has become by its macros. */
export function applicationAt({ applications }: Configuration, url: string): ApplicationObject | undefined {
  return applications.find((one) => one.url === url) ?? applications.find((one) => isFilledFrom(one.url, url))
}

/** A macro of an address: `[DNIS]`, `[UDATA.name]`. Spec: scxml-dialect §11. */
const macro = /\[(DNIS|ANI|DN|CED|EMAILFROM|EMAILTO|EMAILSUBJECT|UDATA(?:\.[^[\]]{1,255})?)\]/g

/** Whether an address holds a macro. */
export function hasMacros(url: string): boolean {
  return url.search(macro) >= 0
}

/** Puts what `valueOf` gives in place of each macro, written as it stands between the brackets. */
export function replaceMacros(url: string, valueOf: (macro: string) => string): string {
  return url.replace(macro, (_whole, name: string) => valueOf(name))
}

/** Whether an address can come from a template: it begins and ends as that does around its macros. Cost: O(length). */
export function isFilledFrom(template: string, url: string): boolean {
  // Most addresses hold none, and this is asked for every step.
  if (!template.includes('[')) return false
  const parts = replaceMacros(template, () => '\0').split('\0')
  const [first = '', last = ''] = [parts[0], parts.at(-1)]
  if (parts.length < 2 || url.length < first.length + last.length) return false
  return url.startsWith(first) && url.endsWith(last)
}

function normalized(address: string): string {
  return URL.canParse(address) ? new URL(address).href : address
}
