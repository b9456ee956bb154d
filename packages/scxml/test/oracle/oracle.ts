import { microstepLimit, ownStepsPerItem, variableNames } from './chart-model.ts'
import type {
  Block,
  ChartModel,
  Content,
  DatumModel,
  Item,
  Observation,
  ParamModel,
  StateModel,
  TransitionModel,
} from './chart-model.ts'
import { holds, OracleError, sum, valueOf } from './oracle-data.ts'
import type { OracleEvent, Surroundings } from './oracle-data.ts'

/** A state of the oracle: the model with its parent. `undefined` as a parent is the document. */
interface Node {
  readonly model: StateModel
  readonly parent: Node | undefined
  readonly order: number
  readonly children: readonly Node[]
  readonly histories: readonly Node[]
}

interface Transition {
  readonly source: Node | undefined
  readonly model: TransitionModel
}

interface EntrySet {
  readonly statesToEnter: Set<Node>
  readonly statesForDefaultEntry: Set<Node>
  readonly defaultHistoryContent: Map<Node | undefined, Block>
}

interface Pending {
  readonly id: string
  readonly event: OracleEvent
}

/**
 * A second implementation of appendix D, procedure by procedure, with sets and lists and nothing prepared: slow, and
 * easy to compare with the recommendation. It shares no code with the engine.
 *
 * Where the recommendation leaves a choice, it follows the engine's documented one: a guard that several regions look
 * at is evaluated once per selection; `_event` is unset while a session is ended from outside; the limit of microsteps
 * ends a session without running content.
 */
export class Oracle implements Surroundings {
  readonly variables = new Map<string, unknown>()
  event: OracleEvent | undefined = undefined
  /** Names of what occurred, for the coverage report. */
  readonly occurred = new Set<string>()
  readonly #chart: ChartModel
  readonly #nodes = new Map<string, Node>()
  readonly #top: readonly Node[]
  readonly #configuration = new Set<Node>()
  readonly #historyValue = new Map<Node, readonly Node[]>()
  readonly #initialized = new Set<Node>()
  readonly #internalQueue: OracleEvent[] = []
  readonly #externalQueue: OracleEvent[] = []
  #timers: Pending[] = []
  #lines: string[] = []
  #isRunning = false
  #isStarted = false
  #microsteps = 0
  #isBreached = false

  constructor(chart: ChartModel) {
    this.#chart = chart
    this.#top = chart.states.map((model) => this.#grow(model, undefined)).filter(isRealState)
  }

  isActive(stateId: string): boolean {
    const node = this.#nodes.get(stateId)
    return node !== undefined && this.#configuration.has(node)
  }

  /** Spec: procedure interpret. */
  start(): Observation {
    this.#isStarted = true
    this.#isRunning = true
    this.#beginMacrostep(undefined)
    const { binding, data, initial, script } = this.#chart
    for (const name of variableNames) this.variables.set(name, undefined)
    this.#initialize(data)
    if (binding === 'early') for (const node of this.#nodes.values()) this.#initialize(node.model.data)
    if (script !== undefined) this.variables.set(script.name, sum(this.variables.get(script.name), script.add))
    const first = this.#top[0]
    const targets = initial.length > 0 || first === undefined ? initial : [first.model.id]
    if (targets.length > 1) this.occurred.add('initial with several targets')
    this.#enterStates([{ source: undefined, model: { events: [], targets, isInternal: false, content: [] } }])
    this.#macrostep()
    this.#takeOwn()
    return this.#observe()
  }

  deliver(item: Item): Observation {
    switch (item.kind) {
      case 'event':
        this.#take({ name: item.name, type: 'external', ...(item.v !== undefined && { data: { v: item.v } }) })
        break
      case 'fire': {
        const [due] = this.#timers.length === 0 ? [] : this.#timers.splice(item.position % this.#timers.length, 1)
        if (due === undefined) this.#lines.push(`dropped ${this.#isRunning ? 'cancelled' : 'ended'}`)
        else {
          this.occurred.add('delayed send fired')
          this.#take(due.event)
        }
        break
      }
      case 'terminate':
        if (this.#isRunning) {
          this.#beginMacrostep(undefined)
          this.occurred.add('terminated from outside')
          this.#exitInterpreter('terminated')
        }
        break
    }
    this.#takeOwn()
    return this.#observe()
  }

  #take(event: OracleEvent): void {
    if (!this.#isRunning) {
      this.occurred.add('event after the end')
      this.#lines.push('dropped ended')
      return
    }
    this.#beginMacrostep(event)
    this.#lines.push(`event ${event.name} ${event.type}`)
    const enabled = this.#selectTransitions(event)
    if (enabled.length === 0) this.occurred.add('event that nothing takes')
    else this.#microstep(enabled, event.name)
    this.#macrostep()
  }

  #takeOwn(): void {
    for (let i = 0; i < ownStepsPerItem && this.#isRunning; i += 1) {
      const next = this.#externalQueue.shift()
      if (next === undefined) return
      this.occurred.add('own external event')
      this.#take(next)
    }
  }

  #beginMacrostep(event: OracleEvent | undefined): void {
    this.event = event
    this.#microsteps = 0
  }

  /** Spec: the inner loop of mainEventLoop. */
  #macrostep(): void {
    let chain = 0
    while (this.#isRunning && !this.#isBreached) {
      const eventless = this.#selectEventlessTransitions()
      if (eventless.length > 0) {
        chain += 1
        this.occurred.add('event-less transition')
        if (chain > 1) this.occurred.add('event-less chain')
        this.#microstep(eventless, undefined)
        continue
      }
      chain = 0
      const internal = this.#internalQueue.shift()
      if (internal === undefined) return
      this.event = internal
      this.#lines.push(`event ${internal.name} ${internal.type}`)
      const enabled = this.#selectTransitions(internal)
      if (enabled.length > 0) {
        this.#noteTaken(internal)
        this.#microstep(enabled, internal.name)
      }
    }
    this.#exitInterpreter('final')
  }

  /** Spec: exitInterpreter. */
  #exitInterpreter(reason: string): void {
    this.#isRunning = false
    let result = ''
    for (const node of this.#inExitOrder(this.#configuration)) {
      this.#lines.push(`exit ${node.model.id}`)
      if (!this.#isBreached) {
        this.#executeBlocks(node.model.onexit)
        if (reason === 'final' && node.model.kind === 'final' && node.parent === undefined) {
          const data = this.#doneData(node.model.donedata)
          if (data !== undefined) result = ` ${String(data.v)}`
        }
      }
      this.#configuration.delete(node)
    }
    this.#timers = []
    this.#externalQueue.length = 0
    this.#internalQueue.length = 0
    if (this.#isBreached) this.occurred.add('limit of microsteps')
    else if (reason === 'final') this.occurred.add('top-level final')
    this.#lines.push(`done ${this.#isBreached ? 'limit' : reason}${result}`)
  }

  #selectEventlessTransitions(): readonly Transition[] {
    return this.#select((transition) => transition.events.length === 0)
  }

  #selectTransitions(event: OracleEvent): readonly Transition[] {
    return this.#select((transition) => transition.events.some((descriptor) => nameMatch(descriptor, event.name)))
  }

  #select(isCandidate: (transition: TransitionModel) => boolean): readonly Transition[] {
    const enabledTransitions = new Map<TransitionModel, Transition>()
    const verdicts = new Map<TransitionModel, boolean>()
    for (const node of this.#inDocumentOrder(this.#configuration).filter(isAtomic)) {
      const found = this.#firstEnabled([node, ...properAncestors(node)], isCandidate, verdicts)
      if (found === undefined) continue
      if (enabledTransitions.has(found.model)) this.occurred.add('one transition enabled in two regions')
      enabledTransitions.set(found.model, found)
    }
    if (enabledTransitions.size > 1) this.occurred.add('several transitions enabled')
    return this.#removeConflictingTransitions([...enabledTransitions.values()])
  }

  #firstEnabled(
    nodes: readonly Node[],
    isCandidate: (transition: TransitionModel) => boolean,
    verdicts: Map<TransitionModel, boolean>,
  ): Transition | undefined {
    for (const source of nodes) {
      for (const model of source.model.transitions) {
        if (isCandidate(model) && this.#conditionMatch(model, verdicts)) return { source, model }
      }
    }
    return undefined
  }

  #conditionMatch(transition: TransitionModel, verdicts: Map<TransitionModel, boolean>): boolean {
    const { cond } = transition
    if (cond === undefined) return true
    const known = verdicts.get(transition)
    if (known !== undefined) return known
    let verdict = false
    try {
      verdict = holds(cond, this)
      this.occurred.add(`guard ${cond.kind === 'in' ? 'with In() ' : ''}${verdict ? 'holds' : 'does not hold'}`)
    } catch (error) {
      this.#fail(error, 'guard')
    }
    verdicts.set(transition, verdict)
    return verdict
  }

  #removeConflictingTransitions(enabledTransitions: readonly Transition[]): readonly Transition[] {
    const filteredTransitions = new Set<Transition>()
    for (const t1 of enabledTransitions) {
      let isPreempted = false
      const transitionsToRemove = new Set<Transition>()
      for (const t2 of filteredTransitions) {
        const exits = this.#computeExitSet([t2])
        if (![...this.#computeExitSet([t1])].some((node) => exits.has(node))) continue
        if (isDescendant(t1.source, t2.source)) transitionsToRemove.add(t2)
        else {
          isPreempted = true
          break
        }
      }
      if (isPreempted) {
        this.occurred.add('conflict: the later transition is preempted')
        continue
      }
      for (const t3 of transitionsToRemove) {
        this.occurred.add('conflict: the inner transition wins')
        filteredTransitions.delete(t3)
      }
      filteredTransitions.add(t1)
    }
    if (filteredTransitions.size > 1) this.occurred.add('several transitions in one microstep')
    return [...filteredTransitions]
  }

  #microstep(enabledTransitions: readonly Transition[], eventName: string | undefined): void {
    this.#microsteps += 1
    if (this.#microsteps > microstepLimit) {
      this.#isBreached = true
      return
    }
    for (const transition of enabledTransitions) this.#noteShape(transition)
    this.#exitStates(enabledTransitions)
    for (const { model, source } of enabledTransitions) {
      this.#lines.push(`take ${source?.model.id ?? ''} -> ${model.targets.join(' ')} on ${eventName ?? 'nothing'}`)
      this.#executeContent(model.content)
    }
    this.#enterStates(enabledTransitions)
  }

  #exitStates(enabledTransitions: readonly Transition[]): void {
    const statesToExit = this.#inExitOrder(this.#computeExitSet(enabledTransitions))
    for (const node of statesToExit) {
      for (const history of node.histories) {
        const isKept = (active: Node): boolean =>
          history.model.isDeep ? isAtomic(active) && isDescendant(active, node) : active.parent === node
        this.#historyValue.set(history, this.#inDocumentOrder(this.#configuration).filter(isKept))
      }
    }
    for (const node of statesToExit) {
      this.#lines.push(`exit ${node.model.id}`)
      this.#executeBlocks(node.model.onexit)
      this.#configuration.delete(node)
    }
  }

  #computeExitSet(transitions: readonly Transition[]): Set<Node> {
    const statesToExit = new Set<Node>()
    for (const transition of transitions) {
      if (transition.model.targets.length === 0) continue
      const domain = this.#getTransitionDomain(transition)
      for (const node of this.#configuration) if (isDescendant(node, domain)) statesToExit.add(node)
    }
    return statesToExit
  }

  #enterStates(transitions: readonly Transition[]): void {
    const entrySet: EntrySet = {
      statesToEnter: new Set(),
      statesForDefaultEntry: new Set(),
      defaultHistoryContent: new Map(),
    }
    this.#computeEntrySet(transitions, entrySet)
    for (const node of this.#inDocumentOrder(entrySet.statesToEnter)) {
      const { model } = node
      this.#configuration.add(node)
      if (this.#chart.binding === 'late' && !this.#initialized.has(node)) {
        this.#initialized.add(node)
        if (model.data.length > 0) this.occurred.add('late binding')
        this.#initialize(model.data)
      }
      this.#lines.push(`enter ${model.id}`)
      this.#executeBlocks(model.onentry)
      if (entrySet.statesForDefaultEntry.has(node) && model.initial !== undefined) {
        if (model.initial.content.length > 0) this.occurred.add('content of an initial transition')
        this.#executeContent(model.initial.content)
      }
      const historyContent = entrySet.defaultHistoryContent.get(node)
      if (historyContent !== undefined) this.#executeContent(historyContent)
      if (model.kind === 'final') this.#complete(node)
    }
  }

  #complete(node: Node): void {
    const { parent } = node
    if (parent === undefined) {
      this.#isRunning = false
      return
    }
    const data = this.#doneData(node.model.donedata)
    if (data !== undefined) this.occurred.add('completion with data')
    this.#raise({ name: `done.state.${parent.model.id}`, type: 'platform', ...(data && { data }) })
    const grandparent = parent.parent
    if (grandparent?.model.kind !== 'parallel') return
    if (grandparent.children.every((child) => this.#isInFinalState(child))) {
      this.occurred.add('completion of a parallel state')
      this.#raise({ name: `done.state.${grandparent.model.id}`, type: 'platform' })
    }
  }

  #computeEntrySet(transitions: readonly Transition[], entrySet: EntrySet): void {
    for (const transition of transitions) {
      for (const target of this.#targetsOf(transition.model)) this.#addDescendantStatesToEnter(target, entrySet)
      if (transition.model.targets.length === 0) continue
      const ancestor = this.#getTransitionDomain(transition)
      for (const state of this.#getEffectiveTargetStates(transition.model)) {
        this.#addAncestorStatesToEnter(state, ancestor, entrySet)
      }
    }
  }

  #addDescendantStatesToEnter(state: Node, entrySet: EntrySet): void {
    const { model } = state
    if (model.kind === 'history') {
      const stored = this.#historyValue.get(state)
      this.occurred.add(`${model.isDeep ? 'deep' : 'shallow'} history ${stored ? 'restored' : 'by default'}`)
      const byDefault = model.transitions[0]
      if (stored === undefined && byDefault !== undefined) {
        entrySet.defaultHistoryContent.set(state.parent, byDefault.content)
      }
      this.#addWithin(stored ?? (byDefault ? this.#targetsOf(byDefault) : []), state.parent, entrySet)
      return
    }
    entrySet.statesToEnter.add(state)
    if (isCompound(state)) {
      entrySet.statesForDefaultEntry.add(state)
      const first = state.children[0]
      const initial = model.initial
      const targets = initial === undefined ? (first ? [first] : []) : initial.targets.flatMap((id) => this.#node(id))
      this.#addWithin(targets, state, entrySet)
    } else if (model.kind === 'parallel') this.#addRegions(state, entrySet)
  }

  #addAncestorStatesToEnter(state: Node, ancestor: Node | undefined, entrySet: EntrySet): void {
    for (const between of properAncestors(state, ancestor)) {
      entrySet.statesToEnter.add(between)
      if (between.model.kind === 'parallel') this.#addRegions(between, entrySet)
    }
  }

  #addWithin(targets: readonly Node[], ancestor: Node | undefined, entrySet: EntrySet): void {
    for (const target of targets) this.#addDescendantStatesToEnter(target, entrySet)
    for (const target of targets) this.#addAncestorStatesToEnter(target, ancestor, entrySet)
  }

  #addRegions(parallel: Node, entrySet: EntrySet): void {
    for (const child of parallel.children) {
      const isThere = [...entrySet.statesToEnter].some((state) => isDescendant(state, child))
      if (!isThere) this.#addDescendantStatesToEnter(child, entrySet)
    }
  }

  #isInFinalState(state: Node): boolean {
    if (isCompound(state)) {
      return state.children.some((child) => child.model.kind === 'final' && this.#configuration.has(child))
    }
    return state.model.kind === 'parallel' && state.children.every((child) => this.#isInFinalState(child))
  }

  /** `undefined` is the document. */
  #getTransitionDomain(transition: Transition): Node | undefined {
    const targets = this.#getEffectiveTargetStates(transition.model)
    const { model, source } = transition
    const staysInside =
      model.isInternal &&
      source !== undefined &&
      isCompound(source) &&
      targets.every((target) => isDescendant(target, source))
    return staysInside ? source : findLCCA(source, targets)
  }

  #getEffectiveTargetStates(transition: TransitionModel): readonly Node[] {
    const targets = new Set<Node>()
    for (const target of this.#targetsOf(transition)) {
      const byDefault = target.model.transitions[0]
      if (target.model.kind !== 'history') targets.add(target)
      else {
        const stored = this.#historyValue.get(target)
        const effective = stored ?? (byDefault === undefined ? [] : this.#getEffectiveTargetStates(byDefault))
        for (const state of effective) targets.add(state)
      }
    }
    return [...targets]
  }

  #executeBlocks(blocks: readonly Block[]): void {
    for (const block of blocks) this.#executeContent(block)
  }

  /** An error ends the block. Gives whether it ran to its end. */
  #executeContent(block: Block): boolean {
    for (const content of block) {
      try {
        if (!this.#execute(content)) return false
      } catch (error) {
        this.#fail(error, content.kind)
        return false
      }
    }
    return true
  }

  #execute(content: Content): boolean {
    switch (content.kind) {
      case 'raise':
        this.#raise({ name: content.event, type: 'internal' })
        return true
      case 'send':
        this.#send(content)
        return true
      case 'cancel': {
        const left = this.#timers.filter(({ id }) => id !== content.id)
        if (left.length < this.#timers.length) this.occurred.add('delayed send cancelled')
        this.#timers = left
        return true
      }
      case 'log':
        this.#lines.push(`log ${String(valueOf(content.value, this))}`)
        return true
      case 'assign':
        this.variables.set(content.name, valueOf(content.value, this))
        return true
      case 'script':
        this.variables.set(content.name, sum(this.variables.get(content.name), content.add))
        return true
      case 'if':
        return this.#executeIf(content)
      case 'foreach':
        for (const [position, item] of content.items.entries()) {
          this.variables.set(content.item, item)
          if (content.index !== undefined) this.variables.set(content.index, position)
          if (!this.#executeContent(content.content)) return false
        }
        this.occurred.add('foreach')
        return true
      case 'assignFailing':
      case 'scriptFailing':
      case 'foreachFailing':
        throw new OracleError(content.kind)
    }
  }

  #executeIf({ branches, otherwise }: Extract<Content, { readonly kind: 'if' }>): boolean {
    for (const [position, { cond, content }] of branches.entries()) {
      try {
        if (!holds(cond, this)) continue
      } catch (error) {
        this.#fail(error, 'if')
        continue
      }
      this.occurred.add(position === 0 ? 'if' : 'elseif')
      return this.#executeContent(content)
    }
    if (otherwise === undefined) return true
    this.occurred.add('else')
    return this.#executeContent(otherwise)
  }

  #send({ delayed, event: name, params, to }: Extract<Content, { readonly kind: 'send' }>): void {
    if (to === 'nowhere') throw new OracleError('send')
    if (to === 'parent') throw new OracleError('error.communication')
    const data = this.#doneData(params)
    this.#lines.push(`send ${name}`)
    const type = to === 'internal' ? 'internal' : 'external'
    const event: OracleEvent = { name, type, ...(data && { data }) }
    if (delayed !== undefined) this.#timers.push({ id: delayed, event })
    else if (to === 'internal') this.#raise(event)
    else this.#externalQueue.push(event)
  }

  /** Values of params; one that fails is left out. */
  #doneData(params: readonly ParamModel[]): { readonly v: unknown } | undefined {
    const members = new Map<string, unknown>()
    for (const { name, value } of params) {
      try {
        members.set(name, valueOf(value, this))
      } catch (error) {
        this.#fail(error, 'param')
      }
    }
    return members.size === 0 ? undefined : { v: members.get('v') }
  }

  #initialize(data: readonly DatumModel[]): void {
    for (const { name, value } of data) {
      try {
        this.variables.set(name, valueOf(value, this))
      } catch (error) {
        this.variables.set(name, undefined)
        this.#fail(error, 'data')
      }
    }
  }

  #raise(event: OracleEvent): void {
    this.#internalQueue.push(event)
  }

  #fail(error: unknown, where: string): void {
    if (!(error instanceof OracleError)) throw error
    const name = error.message === 'error.communication' ? error.message : 'error.execution'
    this.occurred.add(`error in ${where}${name === 'error.communication' ? ' (communication)' : ''}`)
    this.#lines.push(`error ${name}`)
    // Error events carry a report, of which charts of the comparison read nothing.
    this.#raise({ name, type: 'platform', data: { v: undefined } })
  }

  #noteTaken(event: OracleEvent): void {
    if (event.name.startsWith('done.state.')) this.occurred.add('completion event taken')
    else if (event.type === 'platform') this.occurred.add('error event taken')
    else this.occurred.add('raised event taken')
  }

  #noteShape(transition: Transition): void {
    const { model, source } = transition
    if (model.targets.length === 0) this.occurred.add('transition without a target')
    else if (model.targets.length > 1) this.occurred.add('transition with several targets')
    if (model.targets.length === 0 || source === undefined) return
    if (model.isInternal) {
      const isKept = this.#getTransitionDomain(transition) === source
      this.occurred.add(isKept ? 'internal transition' : 'internal transition that leaves its source')
    } else if (this.#targetsOf(model).every((target) => isDescendant(target, source))) {
      this.occurred.add('external transition to a descendant')
    }
  }

  #observe(): Observation {
    const lines = this.#lines
    this.#lines = []
    return {
      lines,
      configuration: this.#inDocumentOrder(this.#configuration).map(({ model }) => model.id),
      variables: variableNames.map((name) => (this.#isStarted ? String(this.variables.get(name)) : 'undefined')),
      timers: this.#timers.length,
      queued: this.#externalQueue.length,
    }
  }

  #inDocumentOrder(nodes: Iterable<Node>): readonly Node[] {
    return [...nodes].sort((a, b) => a.order - b.order)
  }

  #inExitOrder(nodes: Iterable<Node>): readonly Node[] {
    return [...nodes].sort((a, b) => b.order - a.order)
  }

  #targetsOf({ targets }: TransitionModel): readonly Node[] {
    return targets.map((id) => this.#node(id))
  }

  #node(id: string): Node {
    const node = this.#nodes.get(id)
    if (node === undefined) throw new Error(`the model has no state "${id}"`)
    return node
  }

  #grow(model: StateModel, parent: Node | undefined): Node {
    const children: Node[] = []
    const histories: Node[] = []
    const node: Node = { model, parent, order: this.#nodes.size, children, histories }
    this.#nodes.set(model.id, node)
    for (const child of model.states) {
      const grown = this.#grow(child, node)
      if (isRealState(grown)) children.push(grown)
      else histories.push(grown)
    }
    return node
  }
}

function isRealState({ model }: Node): boolean {
  return model.kind !== 'history'
}

function isCompound({ children, model }: Node): boolean {
  return model.kind === 'state' && children.length > 0
}

function isAtomic({ children, model }: Node): boolean {
  return model.kind === 'final' || (model.kind === 'state' && children.length === 0)
}

/** `undefined` is the document: everything descends from it. */
function isDescendant(state: Node | undefined, of: Node | undefined): boolean {
  if (state === undefined) return false
  return of === undefined || properAncestors(state).includes(of)
}

/** From the parent up to, and without, `until`; none when `until` is the state itself or below it. */
function properAncestors(state: Node, until?: Node): readonly Node[] {
  if (until !== undefined && !isDescendant(state, until)) return []
  const ancestors: Node[] = []
  for (let at = state.parent; at !== undefined && at !== until; at = at.parent) ancestors.push(at)
  return ancestors
}

function findLCCA(source: Node | undefined, targets: readonly Node[]): Node | undefined {
  if (source === undefined) return undefined
  return properAncestors(source)
    .filter(isCompound)
    .find((ancestor) => targets.every((target) => isDescendant(target, ancestor)))
}

/** Token by token; a trailing `.*` or dot says nothing. */
function nameMatch(descriptor: string, name: string): boolean {
  if (descriptor === '*') return true
  const wanted = descriptor.replace(/\.\*?$/, '').split('.')
  const given = name.split('.')
  return wanted.every((token, position) => given[position] === token)
}
