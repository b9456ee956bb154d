/** Named limits of a document; a breach is a diagnostic, never a crash. */
export interface DocumentLimits {
  readonly maxDocumentBytes: number
  readonly maxDepth: number
  readonly maxIncludes: number
  readonly maxStates: number
}

/** Limits of a document where a deployment sets none. */
export const defaultDocumentLimits: DocumentLimits = {
  /** Of the document together with everything it includes. */
  maxDocumentBytes: 16 * 1024 * 1024,
  maxDepth: 256,
  maxIncludes: 500,
  maxStates: 20_000,
}
