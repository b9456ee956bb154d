/** A body that was read, or the fact that it was too large. */
export type BodyResult = { readonly ok: true; readonly bytes: Uint8Array } | { readonly ok: false }

/**
 * Reads a response's body up to a bound; beyond it the connection is given up.
 *
 * Errors: rejects as the stream does (abort, broken connection).
 */
export async function readBody(response: Response, maxBytes: number): Promise<BodyResult> {
  const announced = Number(response.headers.get('content-length') ?? '')
  const reader = response.body?.getReader()
  if (reader === undefined) return { ok: true, bytes: new Uint8Array() }
  if (announced > maxBytes) {
    await reader.cancel()
    return { ok: false }
  }
  const chunks: Uint8Array[] = []
  let sizeBytes = 0
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    sizeBytes += part.value.length
    if (sizeBytes > maxBytes) {
      await reader.cancel()
      return { ok: false }
    }
    chunks.push(part.value)
  }
  return { ok: true, bytes: Buffer.concat(chunks) }
}
