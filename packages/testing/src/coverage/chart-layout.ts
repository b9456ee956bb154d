import type { ElkExtendedEdge, ElkNode } from 'elkjs'
import type { ApplicationCoverage, StateCoverage, TransitionRow } from './chart-coverage.ts'
import { eventsText } from './chart-of-record.ts'

/** A state with its place on the page. */
export interface PlacedState extends StateCoverage {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly depth: number
  readonly isInitial: boolean
  /** Transitions that stay where they are, shown as lines in the box. */
  readonly inside: readonly TransitionRow[]
}

/** A transition with the way of its arrow; one arrow for each target. */
export interface PlacedTransition {
  readonly row: TransitionRow
  readonly points: readonly { readonly x: number; readonly y: number }[]
  readonly label: { readonly text: string; readonly x: number; readonly y: number } | undefined
}

/** A chart laid out. Sizes in pixels. */
export interface PlacedChart {
  readonly width: number
  readonly height: number
  /** Outer states before inner ones. */
  readonly states: readonly PlacedState[]
  readonly transitions: readonly PlacedTransition[]
}

/** Sizes of text, which nobody measures here: the pages use a font of fixed width. */
export const CHARACTER_WIDTH = 6.7
/** Height of a line in a box. */
export const LINE_HEIGHT = 15
/** Height of the name of a state. */
export const NAME_HEIGHT = 24
const MAX_LABEL = 34
const MAX_INSIDE = 8

const OPTIONS = {
  'elk.algorithm': 'layered',
  'elk.direction': 'DOWN',
  'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
  'elk.json.edgeCoords': 'ROOT',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.layered.spacing.nodeNodeBetweenLayers': '36',
  'elk.spacing.nodeNode': '28',
  'elk.spacing.edgeLabel': '4',
  'elk.spacing.edgeNode': '14',
  'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
  'elk.edgeLabels.inline': 'false',
}

/** Lays a chart out: states inside of their parents, arrows along straight lines. */
export async function placedChart(application: ApplicationCoverage): Promise<PlacedChart> {
  const { default: Elk } = await import('elkjs/lib/elk.bundled.js')
  // A package of the CommonJS kind: the class is the default of the default where types and run time differ.
  const elk = new Elk.default()
  const graph = graphOf(application)
  const laidOut = await elk.layout(graph).catch(() => elk.layout({ ...graph, edges: [] }))
  return placed(application, laidOut)
}

function graphOf(application: ApplicationCoverage): ElkNode {
  const { chart, transitions } = application
  const nodeOf = (index: number): ElkNode => {
    const state = chart.states[index]
    const children = [...(state?.children ?? []), ...(state?.histories ?? [])]
    const lines = [state?.id ?? '', ...insideOf(application, index).map(labelOf)]
    const width = Math.max(60, ...lines.map((line) => line.length * CHARACTER_WIDTH + 24))
    const head = NAME_HEIGHT + insideOf(application, index).length * LINE_HEIGHT
    if (state?.kind === 'history') return { id: idOf(index), width: 26, height: 26 }
    return children.length === 0
      ? { id: idOf(index), width, height: head + 8 }
      : {
          id: idOf(index),
          children: children.map(nodeOf),
          layoutOptions: {
            'elk.padding': `[top=${head + 10},left=14,bottom=14,right=14]`,
            'elk.nodeSize.constraints': 'MINIMUM_SIZE',
            'elk.nodeSize.minimum': `(${width},${head + 20})`,
          },
        }
  }
  const edges = transitions.flatMap((row): ElkExtendedEdge[] =>
    row.transition.targets.map((target, position) => {
      const text = position === 0 ? labelOf(row) : ''
      return {
        id: `t${row.transition.index}_${position}`,
        sources: [idOf(row.transition.source)],
        targets: [idOf(target)],
        labels: text === '' ? [] : [{ text, width: text.length * CHARACTER_WIDTH, height: LINE_HEIGHT }],
      }
    }),
  )
  const top = chart.states[0]
  return { id: 'root', layoutOptions: OPTIONS, children: (top?.children ?? []).map(nodeOf), edges }
}

function placed({ chart, states, transitions }: ApplicationCoverage, root: ElkNode): PlacedChart {
  const covered = new Map(states.map((one) => [one.state.index, one]))
  const initials = new Set(chart.states.flatMap(({ initial }) => initial?.targets ?? []))
  const found: PlacedState[] = []
  const visit = (node: ElkNode, x: number, y: number, depth: number): void => {
    const index = Number(node.id.slice(1))
    const state = chart.states[index]
    const { height = 0, width = 0 } = node
    if (state !== undefined && index > 0) {
      const inside = insideOf({ transitions }, index)
      const one = covered.get(index) ?? { state, entered: 0 }
      found.push({ ...one, x, y, width, height, depth, inside, isInitial: initials.has(index) })
    }
    for (const child of node.children ?? []) visit(child, x + (child.x ?? 0), y + (child.y ?? 0), depth + 1)
  }
  for (const child of root.children ?? []) visit(child, child.x ?? 0, child.y ?? 0, 0)
  const rows = new Map(transitions.map((row) => [row.transition.index, row]))
  const arrows = (root.edges ?? []).flatMap(({ id, labels, sections }): PlacedTransition[] => {
    const row = rows.get(Number(/^t(\d+)_/.exec(id)?.[1]))
    const [section] = sections ?? []
    if (row === undefined || section === undefined) return []
    const label = labels?.[0]
    return [
      {
        row,
        points: [section.startPoint, ...(section.bendPoints ?? []), section.endPoint],
        label: label === undefined ? undefined : { text: label.text ?? '', x: label.x ?? 0, y: label.y ?? 0 },
      },
    ]
  })
  return { width: root.width ?? 0, height: root.height ?? 0, states: found, transitions: arrows }
}

function insideOf({ transitions }: Pick<ApplicationCoverage, 'transitions'>, index: number): readonly TransitionRow[] {
  const own = transitions.filter(({ transition }) => transition.source === index && transition.targets.length === 0)
  return own.slice(0, MAX_INSIDE)
}

/** Events and guard of a transition, as short as a label may be. */
export function labelOf({ guard, transition }: TransitionRow): string {
  const events = transition.events.length === 0 ? '' : eventsText(transition)
  return shortText(`${events}${guard === undefined ? '' : ' [?]'}`.trim())
}

function shortText(text: string): string {
  return text.length > MAX_LABEL ? `${text.slice(0, MAX_LABEL - 1)}…` : text
}

function idOf(index: number): string {
  return `s${index}`
}
