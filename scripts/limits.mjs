// What happens when a limit is reached, by group and name, for docs/reference/limits.md. Values come from the code.

/** Groups of limits; a limit without a line here, or a line without a limit, fails the generator. */
export function limitGroups({ scxml, contact, runtime, adapters, server, modules, testing }) {
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
        minTrackedChars:
          'no limit of its own: from here on only what changed inside a group of shared objects is written',
        maxTrackedChars:
          'the group of shared objects is written whole whenever something deep inside it may have changed',
        maxShadowBytes:
          'sessions give up what finding changes inside of groups takes, the oldest first: their next deep change is written whole',
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
        relaxedWindowMs:
          'the commit is written; how long steps of `relaxed` applications wait for company when no other step does',
        maxResident: 'the ones idle for longest leave memory and come back with their next message',
        maxEffectsPerType: 'more wait for their turn; commands under way at once, for each type',
        keepEndedMs: 'ended sessions and interactions that are older are deleted with their trace',
        maxIncidents: 'the oldest incident goes from the record',
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
        maxSessionBytes:
          'the session ends with an incident (`SEG-SESSION-005`); data, queues and modules of one session as they are stored',
        parsesStartParameters: 'no limit: text parameters that are JSON are parsed',
      },
    },
    {
      title: 'Shard processes (`packages/runtime`)',
      note: 'For `serve` and `sim`. Times are processor time of the shard, where the system tells it.',
      values: runtime.defaultShardProcessLimits,
      breach: {
        shardSetApartMs:
          'the shard is set apart: the warm one takes its sessions, and it finishes the running step alone',
        shardSetApartWallMs: 'the same, by the clock',
        eventTimeoutMs:
          'the session ends with an incident (`SEG-SHARD-001`); `_processEventTimeout` of the document wins',
        maxSetApart: 'the session that has run longest of those set apart ends with an incident (`SEG-SHARD-007`)',
        shardLoadMs: 'the version cannot be started; its shard is replaced',
        askMs: 'the function gives its value for "not known yet"',
        maxStrikes: 'the version is put into quarantine (`SEG-SHARD-004`)',
        strikeWindowMs: 'older strikes do not count',
        maxWarmApplications: 'a new shard is given the ones used last; others when a session needs them',
        shardStopMs: 'a shard that has not ended is killed',
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
        maxEndedInteractions: 'the oldest one is forgotten; a late submit for it waits until its session ends',
        serviceLevelMs: 'the request does not count for the service level',
      },
    },
    {
      title: 'PostgreSQL store (`packages/adapters`)',
      values: adapters.defaultPostgresLimits,
      breach: {
        connectTimeoutMs: 'the next try to connect',
        openWaitMs: 'the node does not start (`SEG-STORE-007`)',
        statementTimeoutMs: 'the server cancels the statement, which has done nothing; a commit is tried again',
        answerTimeoutMs: 'the connection is given up; the next one finds out what came of the statement',
        reconnectWaitMs: 'the call is refused (`SEG-STORE-007`, HTTP 503 with Retry-After); a commit is tried again',
        minBackoffMs: 'the first pause between two tries to connect',
        maxBackoffMs: 'the longest pause between two tries to connect',
        maxWaitingCalls: 'the call is refused (`SEG-STORE-008`, HTTP 503 with Retry-After)',
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
      title: 'Requests to sessions (`packages/modules`)',
      values: { ...modules.defaultRequestLimits, ...modules.answerLimits },
      breach: {
        answerTimeoutMs: 'HTTP 504 (`SEG-API-024`); a later `<ws:response>` is `error.ws.response`',
        maxOpenRequests: 'HTTP 503 with Retry-After (`SEG-API-006`); callers that wait on the whole node',
        maxOpenRequestsPerSession: 'HTTP 503 with Retry-After; callers that wait for one session',
        maxAnswerChars: 'the session gets `error.ws.response`; characters of an answer',
      },
    },
    {
      title: 'Addresses of applications and module definition files (`packages/modules`)',
      values: { ...modules.addressLimits, ...modules.definitionLimits },
      breach: {
        maxValueChars: 'the rest is cut off; characters of what one macro puts into an address',
        maxUserDataChars: 'the pairs behind are left out; characters of `[UDATA]` and `[UDATA.*]`, encoded',
        maxFileBytes: 'the file is refused (`SEG-DFM-008`, `SEG-XML-009`); one definition file',
        maxDepth: 'the file is refused; nesting of elements',
        maxServers: 'the file is refused (`SEG-DFM-007`); servers of one connection',
        maxActions: 'the file is refused (`SEG-DFM-007`); transports of one module',
        maxDefinitionsChars: 'the node does not start (`SEG-DFM-007`); all definitions together, as JSON',
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
    {
      title: 'Scenario files (`packages/testing`)',
      values: testing.scenarioLimits,
      breach: {
        maxFileCharacters: 'the file is refused (`SEG-TEST-004`)',
        maxAliases: 'the file is refused (`SEG-TEST-001`); values that YAML aliases stand for',
        maxScenarios: 'the file is refused (`SEG-TEST-002`)',
        maxSteps: 'the file is refused (`SEG-TEST-002`); steps of one list',
        maxFindings: 'further findings are not told',
        maxDepth: 'the file is refused (`SEG-TEST-004`); nesting',
      },
    },
  ]
}
