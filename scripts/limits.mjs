// What happens when a limit is reached, by group and name, for docs/reference/limits.md. Values come from the code.

/** Groups of limits; a limit without a line here, or a line without a limit, fails the generator. */
export function limitGroups({ scxml, contact, runtime, adapters, server }) {
  return [
    {
      title: 'Documents (`packages/scxml`)',
      values: scxml.defaultDocumentLimits,
      breach: {
        maxDocumentBytes:
          'the document is refused with a diagnostic; bytes of the document with everything it includes',
        maxDepth: 'the document is refused; nesting of elements',
        maxIncludes: 'the document is refused; includes, also those of includes',
        maxStates: 'the document is refused',
      },
    },
    {
      title: 'Running charts (`packages/scxml`)',
      note: 'A document may set the first two lower or higher with its own attributes (`_microStepLimit`, `_stateEntryLimit`).',
      values: scxml.defaultChartLimits,
      breach: {
        microStepLimit: 'the session ends with an incident; microsteps for one external event',
        stateEntryLimit: 'the session ends with an incident; entries of one state without an external event',
        maxInternalEvents: 'the session ends with an incident; events raised inside of one macrostep',
        maxQueuedEvents: 'the session ends with an incident; events that wait in its own external queue',
      },
    },
    {
      title: 'Scripts (`packages/scxml`)',
      values: scxml.scriptLimits,
      breach: {
        maxPieceChars: 'the document is refused; characters of one script',
        maxUnitChars: 'the document is refused; characters of all scripts together',
        maxNesting: 'the document is refused; depth of the syntax tree of one script',
        maxDynamicChars: 'the call throws inside of the script; text for `eval` or `Function`',
        fuelPerEnter: 'the script is stopped with an error event; loop rounds and function calls of one script',
        fuelPerCatch: 'no limit of its own: what entering a `catch` clause costs',
        fuelOfProbe: 'the library is taken as it is; looking for polyfills in it',
        maxToSourceChars: 'the text is cut; answer of `toSource` and `uneval`',
      },
    },
    {
      title: 'Sessions and entities (`packages/runtime`)',
      values: runtime.defaultLimits,
      breach: {
        maxMailbox: 'HTTP 503 with Retry-After (`SEG-API-006`); messages that wait for one session, call or domain',
        maxPending: 'HTTP 503 with Retry-After; messages that wait on the whole node',
        maxCommitSteps: 'the rest goes into the next commit',
        commitWindowMs: 'the commit is written; how long it waits for company',
        maxResident: 'the ones idle for longest leave memory and come back with their next message',
        maxEffectsPerType: 'more wait for their turn; commands under way at once, for each type',
        keepEndedMs: 'ended sessions and interactions that are older are deleted with their trace',
        maxTraceLines: 'the oldest lines are deleted',
        purgeEveryMs: 'the store is looked through for what may go',
        maxSources: 'the one silent for longest is forgotten; clients and Idempotency-Keys that a session remembers',
      },
    },
    {
      title: 'Shards (`packages/runtime`)',
      values: runtime.defaultShardLimits,
      breach: {
        maxMacrostepsPerMessage: 'the session goes on after other sessions had their turn',
        maxApplications: 'versions without a running session leave memory and are read again when needed',
        maxEffectsPerStep: 'the session ends with an incident',
        parsesStartParameters: 'no limit: text parameters that are JSON are parsed',
      },
    },
    {
      title: 'Routing (`packages/contact`)',
      values: contact.routingLimits,
      breach: {
        reservationMs: 'the agent is free again; reservation for a document that routes by itself',
        verificationMs: 'the agent is free again; until the routed call is seen at the telephone',
        noAnswerPauseMs: 'the agent is asked again; pause after a call was not answered',
        refusedPauseMs: 'the agent is asked again; pause after the switch refused a route',
        maxRouteAttempts: '`error.queue.submit`',
        maxScannedRequests: 'the rest is looked at in the next pass',
        pulseMs: 'thresholds and statistics are looked at again',
        maxWaitingRequests: '`error.queue.submit`',
        serviceLevelMs: 'the request does not count for the service level',
      },
    },
    {
      title: 'Reading documents (`packages/adapters`)',
      values: adapters.defaultDocumentLimits,
      breach: {
        maxBytes: 'the document is refused (`SEG-LOAD-003`)',
        timeoutS: 'the document is refused (`SEG-LOAD-005`)',
        maxRedirects: 'the document is refused (`SEG-LOAD-005`)',
        maxEntries: 'the least recently used documents are fetched again',
        maxTotalBytes: 'the least recently used documents are fetched again',
        maxAgeS: 'the server is asked again, whatever it said about caching',
      },
    },
    {
      title: '`session:fetch` (`packages/adapters`)',
      values: adapters.defaultHttpFetchLimits,
      breach: {
        defaultTimeoutS: '`error.session.fetch` with `timeout`, where the document names no time',
        maxTimeoutS: 'a longer time of the document counts as this one',
        maxAttempts: '`error.session.fetch`',
        maxRetryIntervalS: 'a longer interval of the document counts as this one',
        maxResponseBytes: '`error.session.fetch` with `toolarge`',
        maxRedirects: '`error.session.fetch` with `redirect`',
        maxConcurrent: 'more wait for their turn',
        maxConcurrentPerOrigin: 'more wait for their turn',
        maxWaiting: '`error.session.fetch` with `overloaded`',
      },
    },
    {
      title: 'Events over HTTP (`packages/adapters`)',
      values: adapters.defaultHttpEventLimits,
      breach: {
        eventTimeoutS: '`error.communication` (`error.send.failed` in the orchestration dialect)',
        maxEventAnswerBytes: 'the rest of the answer is not read',
      },
    },
    {
      title: 'Link to a switch (`packages/adapters`)',
      values: adapters.defaultLinkLimits,
      breach: {
        maxLineBytes: 'the connection is closed',
        maxHelloBytes: 'the connection is closed; line length before the token has come',
        helloTimeoutMs: 'the connection is closed',
        heartbeatMs: 'three missed ones close the connection',
        eventWindow: 'the switch waits for acknowledgements',
        maxUnauthenticated: 'more connections are closed at once',
        maxPendingCommands: 'a door is answered `linkdown` (HTTP 503); a command is sent again with its key',
        commandTimeoutMs: 'a door is answered `linkdown` (HTTP 503); a command is sent again with its key',
        connectTimeoutMs: 'the next try',
        maxBufferedBytes: 'the connection is closed',
        minBackoffMs: 'the first pause between two tries',
        maxBackoffMs: 'the longest pause between two tries',
      },
    },
    {
      title: 'Simulated switch (`packages/adapters`)',
      values: adapters.defaultSwitchLimits,
      breach: {
        liveCalls: 'more calls are turned away',
        commandsPerCall: 'more commands are refused',
        keysAfterEnd: 'the oldest keys are forgotten',
        endedCalls: 'older calls are only counted',
        unacknowledgedEvents: 'the oldest go, a snapshot makes up for them',
        userDataCharacters: 'the change is refused',
        typeAhead: 'the oldest keys pressed go',
        sequencesPerReservation: 'the next block of numbers is reserved',
        recordsBeforeAccount: 'the journal is written anew',
      },
    },
    {
      title: 'HTTP interface (`packages/server`)',
      values: { ...server.DEFAULT_HTTP_LIMITS, ...server.bodyLimits },
      breach: {
        maxBodyBytes: 'HTTP 413 (`SEG-API-016`)',
        requestTimeoutMs: 'HTTP 408, the connection is closed; time for a whole request to come in',
        maxPage: 'the answer holds this many entries; ask for more with `after`',
        maxDepth: 'HTTP 400 (`SEG-API-011`); nesting of a JSON body',
        maxPathParameterCharacters: 'HTTP 414; ids and event names in addresses',
        maxIdempotencyKeyCharacters: 'HTTP 400 (`SEG-API-015`)',
      },
    },
  ]
}
