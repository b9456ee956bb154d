/** Limits of scripts; a breach is a diagnostic or an error event, never a crash. */
export const scriptLimits = {
  /** Characters of one piece. */
  maxPieceChars: 1_048_576,
  /** Characters of all pieces of an application together. */
  maxUnitChars: 16_777_216,
  /** Depth of the syntax tree of one piece. */
  maxNesting: 1000,
  /** Characters of a text given to `eval` or `Function` (E10). */
  maxDynamicChars: 262_144,
  /** Loop rounds and function entries between `enter` and `leave` (E15): some seconds of the shortest loops. */
  fuelPerEnter: 100_000_000,
  /** Fuel that a `catch` clause costs each time it is entered: an exception takes as long as a thousand loop rounds. */
  fuelPerCatch: 2000,
  /** Fuel of the probe that looks for polyfills (E11). */
  fuelOfProbe: 5_000_000,
  /** Characters of an alias group from which on differences are worth their memory (P3). */
  minTrackedChars: 400,
  /** Characters of an alias group above which it is written whole at every deep change. */
  maxTrackedChars: 4_194_304,
  /** What finding differences may take in memory, of all resident sessions of one program together. */
  maxShadowBytes: 134_217_728,
  /** Characters of an answer of `toSource` and `uneval` (E17). */
  maxToSourceChars: 1_048_576,
} as const
