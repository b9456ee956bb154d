import type { Source } from './source.ts'

/** What a reference names: an SCXML document or fragment, a script library, or data. */
export type ResourceKind = 'document' | 'script' | 'data'

/** A text that was found, or why it was not. */
export type Resolved =
  | { readonly found: true; readonly source: Source }
  | {
      readonly found: false
      readonly url: string
      readonly reason: string
      /** What went wrong in one word, or the status that a server answered; for `error.badfetch`. */
      readonly cause?: string
    }

/**
 * Port through which the engine reads documents and what they include. `href` is relative to `base` (absolute URL);
 * an adapter enforces allow-lists, size limits and time-outs, and falls back to another letter case for `file:`.
 * Never rejects.
 */
export type Resolve = (href: string, base: string, kind: ResourceKind) => Promise<Resolved>
