import type { AttributeSpec, ChildSpec, ElementNamespace, ElementSpec } from '../../../src/elements/element-spec.ts'

/** A small table in place of the real modules: names as the documents of the tests use them. */
export const testModules: readonly ElementNamespace[] = [
  namespace('queue', 'queue', [
    action('submit', 'requestid@ route interactionid queue timeout priority clearontimeout ordertype orderstat', [
      { name: 'targets', min: 1, max: 1 },
      { name: 'runtreatments', module: 'dialog' },
    ]),
    child('targets', '', [{ name: 'target' }, { name: 'targetid' }]),
    child('target', 'name type=agentgroup|agent statserver skillexpr weight', []),
    child('targetid', 'expr', []),
    action('cancel', 'requestid interactionid queue', []),
    action('query', 'requestid interactionid', []),
  ]),
  namespace('dialog', 'dialog', [
    action('start', 'requestid@ type interactionid device', [{ name: 'param' }]),
    action('play', 'requestid@ interactionid language device', [{ name: 'prompts' }]),
    action('playsound', 'requestid@ interactionid type duration', []),
    action('pause', 'duration', []),
    action('playandcollect', 'requestid@ interactionid language device', [{ name: 'prompts' }, { name: 'input' }]),
    child('input', 'clear total_timeout digit_timeout start_timeout ignore_digits term_digits max_digits', []),
    child('prompts', 'type=ann', [{ name: 'prompt' }]),
    child('prompt', 'interrupt text', []),
    child('runtreatments', '', [{ name: 'start' }, { name: 'play' }, { name: 'pause' }, { name: 'playsound' }]),
  ]),
  namespace('session', 'session', [
    action(
      'fetch',
      'requestid@ srcexpr! method enctype maxage maxstale type gdelivery gd_retries gd_retry_interval timeout headers',
      [{ name: 'param' }, { name: 'content', max: 1 }],
    ),
  ]),
  namespace('ixn', 'interaction', [
    action('terminate', 'requestid@ interactionid! reason', []),
    action('attach', 'requestid@ interactionid', []),
    action('detach', 'requestid@ interactionid', []),
    action('redirect', 'requestid@ interactionid from to type detach hints', []),
    action('accept', 'requestid@ interactionid resource', []),
  ]),
  namespace('ws', 'ws', []),
  namespace('classification', 'classification', []),
]

function namespace(module: string, path: string, elements: readonly ElementSpec[]): ElementNamespace {
  return { module, uris: [`www.genesyslab.com/modules/${path}`], elements }
}

function action(name: string, attributes: string, children: readonly ChildSpec[]): ElementSpec {
  return element('action', name, attributes, children)
}

function child(name: string, attributes: string, children: readonly ChildSpec[]): ElementSpec {
  return element('child', name, attributes, children)
}

/** Attributes in short form: `name`, `name!` required, `name@` location, `name=a|b` literal of these values. */
function element(
  kind: ElementSpec['kind'],
  name: string,
  attributes: string,
  children: readonly ChildSpec[],
): ElementSpec {
  const specs = attributes.split(' ').filter((word) => word !== '')
  return {
    name,
    kind,
    attributes: specs.map(attribute),
    children,
    events: [],
    doc: '',
    source: '',
    confidence: 'choice',
  }
}

function attribute(text: string): AttributeSpec {
  const [, name = '', mark, values] = /^(\w+)(?:([!@])|=(.*))?$/.exec(text) ?? []
  return {
    name,
    kind: mark === '@' ? 'location' : values === undefined ? 'expression' : 'literal',
    type: 'any',
    required: mark === '!',
    ...(values === undefined ? {} : { values: values.split('|') }),
    doc: '',
    confidence: 'choice',
  }
}
