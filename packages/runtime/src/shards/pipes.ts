/** Files of a shard process, by number; the parent opens them in this order. */
export const pipes = { commands: 3, reports: 4, questions: 5, progress: 6 } as const
