import type { ConfigurationFile } from './schema.ts'
import type { SourceFile } from './source-file.ts'

/** How files become a configuration. */
export interface ReadOptions {
  /** Number of this version; default 1. */
  readonly version?: number
  /** Base of relative application addresses; default: the file, when its name is a URL or an absolute path. */
  readonly baseUrl?: string
  /** Cluster whose applications of routing points count where they differ between clusters. */
  readonly cluster?: string
}

/** A file that the schema has accepted. */
export interface CheckedFile {
  readonly source: SourceFile
  readonly content: ConfigurationFile
}
