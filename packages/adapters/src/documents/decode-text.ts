/** A decoded text, or why it could not be decoded. */
export type Decoded = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly reason: string }

/**
 * Decodes bytes. A byte order mark wins over what the transport declared, that over an XML declaration, and without
 * any of them `otherwise` holds.
 *
 * Spec: XML 1.0 appendix F; scxml-dialect §1.
 */
export function decodeText(
  bytes: Uint8Array,
  options: { readonly declared: string | undefined; readonly otherwise: string },
): Decoded {
  const label = byteOrderMark(bytes) ?? options.declared ?? xmlEncoding(bytes) ?? options.otherwise
  const encoding = canonicalName(label)
  if (encoding === undefined) return { ok: false, reason: `encoding "${label}" is not known` }
  try {
    return { ok: true, text: new TextDecoder(encoding, { fatal: true }).decode(bytes) }
  } catch {
    return { ok: false, reason: `it is not valid ${encoding}` }
  }
}

function canonicalName(label: string): string | undefined {
  try {
    return new TextDecoder(label).encoding
  } catch {
    return undefined
  }
}

function byteOrderMark(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8'
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  return undefined
}

function xmlEncoding(bytes: Uint8Array): string | undefined {
  // `<` and `?` in 16-bit units, for documents without a byte order mark.
  if (bytes[0] === 0x3c && bytes[1] === 0 && bytes[2] === 0x3f && bytes[3] === 0) return 'utf-16le'
  if (bytes[0] === 0 && bytes[1] === 0x3c && bytes[2] === 0 && bytes[3] === 0x3f) return 'utf-16be'
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 256)).toString('latin1')
  const declared = /^<\?xml\s[^>]*?encoding\s*=\s*["']([A-Za-z0-9._:-]+)["']/.exec(head)?.[1]
  // Whoever could read "utf-16" in single bytes has a file that was converted without changing its declaration.
  return declared !== undefined && /^utf-?16/i.test(declared) ? 'utf-8' : declared
}
