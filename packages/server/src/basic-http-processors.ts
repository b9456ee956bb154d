/** Where a session takes events over HTTP, as JSON. Spec: SCXML 1.0, C.2. */
export function basicHttpProcessors(url: string, sessionId: string): string {
  const location = { location: `${url}/scxml/session/${sessionId}/basichttp` }
  return JSON.stringify({ basichttp: location, 'http://www.w3.org/TR/scxml/#BasicHTTPEventProcessor': location })
}
