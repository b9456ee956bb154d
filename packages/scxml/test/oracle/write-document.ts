import { microstepLimit } from './chart-model.ts'
import type { Block, ChartModel, Condition, Content, DatumModel, StateModel, Value } from './chart-model.ts'

/** The document that says what the model says. */
export function writeDocument(chart: ChartModel): string {
  const writer = new Writer(chart.dialect)
  const dialect = chart.dialect === 'w3c' ? 'datamodel="ecmascript"' : 'profile="ecmascript"'
  const root = `version="1.0" ${dialect} binding="${chart.binding}" _microStepLimit="${microstepLimit}"`
  const { script } = chart
  return [
    `<scxml xmlns="http://www.w3.org/2005/07/scxml" ${root}${attribute('initial', chart.initial)}>`,
    writer.data(chart.data),
    script === undefined ? '' : `<script>${writer.variable(script.name)} += ${script.add};</script>`,
    ...chart.states.map((state) => writer.state(state)),
    '</scxml>',
  ]
    .filter((line) => line !== '')
    .join('\n')
}

class Writer {
  readonly #isW3c: boolean

  constructor(dialect: ChartModel['dialect']) {
    this.#isW3c = dialect === 'w3c'
  }

  state(state: StateModel): string {
    const { id, initial, kind, transitions } = state
    const isAttribute = initial !== undefined && initial.content.length === 0
    const head =
      kind === 'history'
        ? `history id="${id}" type="${state.isDeep ? 'deep' : 'shallow'}"`
        : `${kind} id="${id}"${isAttribute ? attribute('initial', initial.targets) : ''}`
    const parts = [
      this.data(state.data),
      initial === undefined || isAttribute
        ? ''
        : `<initial><transition${attribute('target', initial.targets)}>${this.block(initial.content)}</transition></initial>`,
      ...state.onentry.map((block) => `<onentry>${this.block(block)}</onentry>`),
      ...state.onexit.map((block) => `<onexit>${this.block(block)}</onexit>`),
      ...transitions.map(
        ({ events, cond, targets, isInternal, content }) =>
          `<transition${attribute('event', events)}${cond === undefined ? '' : ` cond="${this.condition(cond)}"`}` +
          `${attribute('target', targets)}${isInternal ? ' type="internal"' : ''}>${this.block(content)}</transition>`,
      ),
      ...state.states.map((child) => this.state(child)),
      state.donedata.length === 0 ? '' : `<donedata>${this.params(state.donedata)}</donedata>`,
    ]
    return `<${head}>\n${parts.filter((part) => part !== '').join('\n')}\n</${kind}>`
  }

  data(data: readonly DatumModel[]): string {
    if (data.length === 0) return ''
    const elements = data.map(({ name, value }) => `<data id="${name}" expr="${this.value(value)}"/>`)
    return `<datamodel>${elements.join('')}</datamodel>`
  }

  block(block: Block): string {
    return block.map((content) => this.#content(content)).join('')
  }

  variable(name: string): string {
    return this.#isW3c ? name : `_data.${name}`
  }

  value(value: Value): string {
    switch (value.kind) {
      case 'number':
        return String(value.number)
      case 'sum':
        return `${this.variable(value.name)} + ${value.add}`
      case 'payload':
        return '_event.data.v'
      case 'eventName':
        return '_event.name'
      case 'failing':
        return 'nobody + 1'
    }
  }

  condition(condition: Condition): string {
    switch (condition.kind) {
      case 'less':
        return `${this.variable(condition.name)} &lt; ${condition.than}`
      case 'in':
        return `${condition.isNot ? '!' : ''}In('${condition.state}')`
      case 'failing':
        return 'nobody.member'
    }
  }

  params(params: StateModel['donedata']): string {
    return params.map(({ name, value }) => `<param name="${name}" expr="${this.value(value)}"/>`).join('')
  }

  #content(content: Content): string {
    switch (content.kind) {
      case 'raise':
        return `<raise event="${content.event}"/>`
      case 'send': {
        const event = this.#isW3c ? content.event : `'${content.event}'`
        const target = { own: '', internal: '#_internal', parent: '#_parent', nowhere: 'nowhere' }[content.to]
        const to = target === '' ? '' : ` target="${target}"`
        const delay = content.delayed === undefined ? '' : ` id="${content.delayed}" delay="1s"`
        return `<send event="${event}"${to}${delay}>${this.params(content.params)}</send>`
      }
      case 'cancel':
        return `<cancel sendid="${content.id}"/>`
      case 'log':
        return `<log expr="${this.value(content.value)}"/>`
      case 'assign':
        return `<assign location="${this.variable(content.name)}" expr="${this.value(content.value)}"/>`
      case 'assignFailing':
        return `<assign location="${content.location === 'system' ? '_sessionid' : 'nobody.member'}" expr="1"/>`
      case 'script':
        return `<script>${this.variable(content.name)} += ${content.add};</script>`
      case 'scriptFailing':
        return "<script>throw new TypeError('on purpose')</script>"
      case 'if': {
        const [first, ...others] = content.branches
        if (first === undefined) return ''
        const elseifs = others.map(
          (branch) => `<elseif cond="${this.condition(branch.cond)}"/>${this.block(branch.content)}`,
        )
        const last = content.otherwise === undefined ? '' : `<else/>${this.block(content.otherwise)}`
        return `<if cond="${this.condition(first.cond)}">${this.block(first.content)}${elseifs.join('')}${last}</if>`
      }
      case 'foreach': {
        const index = content.index === undefined ? '' : ` index="${this.variable(content.index)}"`
        const head = `array="[${content.items.join(',')}]" item="${this.variable(content.item)}"${index}`
        return `<foreach ${head}>${this.block(content.content)}</foreach>`
      }
      case 'foreachFailing':
        return `<foreach array="4" item="${this.variable(content.item)}"/>`
    }
  }
}

function attribute(name: string, words: readonly string[]): string {
  return words.length === 0 ? '' : ` ${name}="${words.join(' ')}"`
}
