// What scripts have to reach, and whether a run showed it.

/** See `judge` in `targets.mjs` for the members. */
export function judgeScripts({ evaluations, firstSession, library, steps }) {
  const withFuel = evaluations.filter(({ name }) => name.endsWith('fuel on'))
  return [
    ...withFuel.flatMap(({ name, ns }) =>
      ['guard', 'assignment'].map((kind) => ({
        what: `${kind}, ${name}`,
        wanted: '≤ 30 ns',
        measured: `${ns[kind].median.toFixed(1)} ns`,
        isMet: ns[kind].median <= 30,
        isOfMachine: true,
      })),
    ),
    ...steps
      .filter(({ change }) => change.startsWith('one member deep') || change.startsWith('one event added'))
      .map(({ bytes, change, sizeBytes, us }) => ({
        what: `${change}, ${sizeBytes / 1000} KB`,
        wanted: '≤ 300 µs, ≤ 500 B',
        measured: `${us.median.toFixed(0)} µs, ${Math.round(bytes)} B`,
        isMet: us.median <= 300 && bytes <= 500,
        isOfMachine: bytes <= 500,
      })),
    {
      what: 'idle session of an application with a large library',
      wanted: '≤ 1,024 B',
      measured: `${Math.round(library.sessionBytes)} B`,
      isMet: library.sessionBytes <= 1024,
      isOfMachine: false,
    },
    {
      what: 'share of the library in a session',
      wanted: '≤ 16 B',
      measured: `${Math.round(library.sessionBytes - library.sessionBytesWithoutLibrary)} B`,
      isMet: library.sessionBytes - library.sessionBytesWithoutLibrary <= 16,
      isOfMachine: false,
    },
    {
      what: `realm, program and first session with a ${firstSession.libraryBytes / 1000} KB library, ${firstSession.applications} applications loaded`,
      wanted: '≤ 30 ms',
      measured: `${firstSession.bindAndFirstMs.median.toFixed(1)} ms (the session itself ${firstSession.firstMs.median.toFixed(2)} ms)`,
      isMet: firstSession.bindAndFirstMs.median <= 30,
      isOfMachine: true,
    },
  ]
}
