import type { TransitionRow } from './chart-coverage.ts'
import { CHARACTER_WIDTH, labelOf, LINE_HEIGHT, NAME_HEIGHT } from './chart-layout.ts'
import type { PlacedChart, PlacedState, PlacedTransition } from './chart-layout.ts'

/** How well something is covered: a guard that came out one way only is covered in part. */
export type Cover = 'full' | 'part' | 'none'

/** A chart that is wider than the page is made smaller down to this; then it scrolls. */
const LEAST_SCALE = 0.6

/** A chart with its coverage as inline SVG. Colours are those of the page. */
export function chartSvg({ height, states, transitions, width }: PlacedChart): string {
  const [w, h] = [Math.ceil(width) + 4, Math.ceil(height) + 4]
  return [
    `<svg class="chart" viewBox="-2 -2 ${w} ${h}" style="max-width:${w}px;min-width:${Math.round(w * LEAST_SCALE)}px" role="img" aria-label="chart with coverage">`,
    '<defs>',
    ...(['full', 'part', 'none'] as const).map(
      (cover) =>
        `<marker id="arrow-${cover}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto" markerUnits="userSpaceOnUse"><path class="head ${cover}" d="M0,0.5 8,4 0,7.5z"/></marker>`,
    ),
    '</defs>',
    ...states.map(stateSvg),
    ...transitions.map(transitionSvg),
    '</svg>',
  ].join('\n')
}

/** How well a transition is covered. */
export function coverOf({ guard, taken }: TransitionRow): Cover {
  if (taken === 0) return 'none'
  return guard !== undefined && (guard.wasFalse === 0 || guard.wasTrue === 0) ? 'part' : 'full'
}

/** A text for HTML and SVG; what they cannot hold is replaced. */
export function escapedText(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

/** A transition in words, with its counts. */
function transitionWords({ guard, taken, text }: TransitionRow): string {
  const outcome = guard === undefined ? '' : `; guard true ${times(guard.wasTrue)}, false ${times(guard.wasFalse)}`
  return `${text}: taken ${times(taken)}${outcome}`
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`
}

function stateSvg({ depth, entered, height, inside, isInitial, state, width, x, y }: PlacedState): string {
  const cover: Cover = entered > 0 ? 'full' : 'none'
  const title = `<title>${escapedText(`${state.id}: entered ${times(entered)} (line ${state.place.line})`)}</title>`
  if (state.kind === 'history') {
    const [cx, cy] = [x + width / 2, y + height / 2]
    return `<g class="state">${title}<circle class="box history" cx="${n(cx)}" cy="${n(cy)}" r="12"/><text class="name" x="${n(cx)}" y="${n(cy + 4)}" text-anchor="middle">${state.historyType === 'deep' ? 'H*' : 'H'}</text></g>`
  }
  const shape = (inset: number): string =>
    `<rect class="box ${cover} ${state.kind} d${depth % 2}" x="${n(x + inset)}" y="${n(y + inset)}" width="${n(width - 2 * inset)}" height="${n(height - 2 * inset)}" rx="${8 - inset}"/>`
  const dot = isInitial ? `<circle class="initial" cx="${n(x + 9)}" cy="${n(y + 12.5)}" r="3.5"/>` : ''
  const lines = inside.map((row, index) => {
    const top = y + NAME_HEIGHT + (index + 0.6) * LINE_HEIGHT
    return `<text class="inside ${coverOf(row)}" x="${n(x + 12)}" y="${n(top)}"><title>${escapedText(transitionWords(row))}</title>${escapedText(labelOf(row))}</text>`
  })
  return [
    '<g class="state">',
    title,
    shape(0),
    state.kind === 'final' ? shape(3) : '',
    dot,
    `<text class="name" x="${n(x + (isInitial ? 17 : 12))}" y="${n(y + 16.5)}">${escapedText(state.id)}</text>`,
    ...lines,
    '</g>',
  ].join('')
}

function transitionSvg({ label, points, row }: PlacedTransition): string {
  const cover = coverOf(row)
  const way = points.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${n(x)},${n(y)}`).join(' ')
  const text =
    label === undefined
      ? ''
      : `<rect class="back" x="${n(label.x - 2)}" y="${n(label.y)}" width="${n(label.text.length * CHARACTER_WIDTH + 4)}" height="${LINE_HEIGHT}"/><text class="label ${cover}" x="${n(label.x)}" y="${n(label.y + 11)}">${escapedText(label.text)}</text>`
  return `<g class="transition"><title>${escapedText(transitionWords(row))}</title><path class="hover" d="${way}"/><path class="arrow ${cover}" d="${way}" marker-end="url(#arrow-${cover})"/>${text}</g>`
}

function n(value: number): string {
  return String(Math.round(value * 10) / 10)
}
