import type { Resolve } from '@segue/scxml'

/** Documents by address that a test may change while it runs. */
export interface Documents {
  readonly texts: Map<string, string>
  readonly resolve: Resolve
}

/** A resolver over texts in memory. */
export function documents(texts: Readonly<Record<string, string>>): Documents {
  const map = new Map(Object.entries(texts))
  return {
    texts: map,
    resolve: (href, base) => {
      const url = URL.canParse(href) ? href : new URL(href, base).href
      const text = map.get(url)
      return Promise.resolve(
        text === undefined
          ? { found: false, url, reason: 'there is no such file' }
          : { found: true, source: { url, text } },
      )
    },
  }
}

/** A page of the orchestration dialect with the namespace of the tiny module. */
export function page(body: string, attributes = ''): string {
  return `<scxml version="1.0" xmlns="http://www.w3.org/2005/07/scxml" profile="ecmascript" xmlns:tiny="www.example.com/tiny" ${attributes}>${body}</scxml>`
}
