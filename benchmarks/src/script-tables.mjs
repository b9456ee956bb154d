// Results of `bench:scripts` as Markdown tables.
import { circumstances, fixed, table, whole } from './tables.mjs'

/** All tables of `bench:scripts`. */
export function scriptTables(results) {
  const { evaluations, firstSession, library, steps, targets } = results
  const kinds = Object.keys(evaluations[0].ns)
  return [
    circumstances(results),
    '### One evaluation, nanoseconds of processor time',
    table(
      ['where', ...kinds],
      evaluations.map(({ name, ns }) => [name, ...kinds.map((kind) => fixed(ns[kind].median))]),
    ),
    '### One step with what it saves',
    table(
      ['data', 'what the step changes', 'µs', 'bytes to write', 'saved as'],
      steps.map(({ bytes, change, saves, sizeBytes, us }) => [
        `${sizeBytes / 1000} KB`,
        change,
        fixed(us.median),
        whole(bytes),
        Object.keys(saves).join(', '),
      ]),
    ),
    '### Libraries',
    table(
      ['what', 'measured'],
      [
        [
          `application with a library of ${whole(library.libraryBytes)} B and ${library.functions} functions, once`,
          `${whole(library.applicationBytes)} B`,
        ],
        ['one idle session of it', `${whole(library.sessionBytes)} B`],
        ['one idle session of the same document without the library', `${whole(library.sessionBytesWithoutLibrary)} B`],
        [
          `load of a document with a ${firstSession.libraryBytes / 1000} KB library (median of ${firstSession.applications})`,
          `${fixed(firstSession.loadMs.median)} ms`,
        ],
        ['realm and program of it, processor time', `${fixed(firstSession.bindMs.median)} ms`],
        [
          `its first session and first event, processor time, ${firstSession.applications} applications loaded`,
          `${firstSession.firstMs.median.toFixed(2)} ms (slowest ${fixed(firstSession.firstMs.max)} ms)`,
        ],
      ],
    ),
    '### Targets',
    table(
      ['what', 'wanted', 'measured', ''],
      targets.map(({ what, wanted, measured, isMet }) => [what, wanted, measured, isMet ? 'met' : '**missed**']),
    ),
  ].join('\n\n')
}
