import type { Module } from '@segue/runtime'
import type { Resolve } from '@segue/scxml'

/** Address of the application that every session runs. */
export const APPLICATION_URL = 'file:///crash/chain.scxml'

/**
 * What an event asks the session to do, in `_event.data`. Names of what comes of it: `<id>:put` and `<id>:ask` in the
 * ledger, `<id>:answer`, `<id>:due` and `<id>:told` in chains.
 */
export interface EventPlan {
  readonly id: string
  /** An effect that is performed once. */
  readonly put?: boolean
  /** An effect that stays open until its answer is taken. */
  readonly ask?: boolean
  /** Delay of a timer. */
  readonly armMs?: number
  /** Id of an earlier event of the same source whose timer is cancelled, if it still runs. */
  readonly cancel?: string
  /** Session that gets an event. */
  readonly tell?: string
  /** Text that the session keeps until the next one: makes its record large. */
  readonly ballast?: string
}

/** Text of the application: each event that it takes goes into its md5 chain. */
const DOCUMENT = `<scxml version="1.0" xmlns="http://www.w3.org/2005/07/scxml" profile="ecmascript" xmlns:ledger="www.example.com/ledger" initial="s">
<script><![CDATA[
  var chain = '';
  var taken = [];
  var sendId = '';
  var armed = {};
  var ask;
  var ballast = '';
  function take(text) {
    taken.push(text);
    chain = md5(chain + '|' + text);
  }
  function nameOf(id) {
    for (var name in armed) if (armed[name] === id) return name;
    return '?';
  }
  function md5(text) {
    var turns = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
    var state = [1732584193, -271733879, -1732584194, 271733878];
    var blocks = ((text.length + 8) >> 6) + 1, words = [], at, i;
    for (i = 0; i < blocks * 16; i++) words[i] = 0;
    for (i = 0; i < text.length; i++) words[i >> 2] |= text.charCodeAt(i) << ((i % 4) * 8);
    words[text.length >> 2] |= 128 << ((text.length % 4) * 8);
    words[blocks * 16 - 2] = text.length * 8;
    for (at = 0; at < words.length; at += 16) {
      var a = state[0], b = state[1], c = state[2], d = state[3];
      for (i = 0; i < 64; i++) {
        var round = i >> 4, mix, word;
        if (round === 0) { mix = (b & c) | (~b & d); word = i; }
        else if (round === 1) { mix = (d & b) | (~d & c); word = (5 * i + 1) % 16; }
        else if (round === 2) { mix = b ^ c ^ d; word = (3 * i + 5) % 16; }
        else { mix = c ^ (b | ~d); word = (7 * i) % 16; }
        var constant = Math.floor(Math.abs(Math.sin(i + 1)) * 4294967296) | 0;
        var sum = (a + mix + constant + words[at + word]) | 0;
        var turn = turns[round * 4 + (i % 4)];
        a = d; d = c; c = b;
        b = (b + ((sum << turn) | (sum >>> (32 - turn)))) | 0;
      }
      state = [(state[0] + a) | 0, (state[1] + b) | 0, (state[2] + c) | 0, (state[3] + d) | 0];
    }
    var hex = '';
    for (i = 0; i < 16; i++) {
      var byte = (state[i >> 2] >>> ((i % 4) * 8)) & 255;
      hex += (byte < 16 ? '0' : '') + byte.toString(16);
    }
    return hex;
  }
]]></script>
<state id="s">
  <transition event="do">
    <script>take(_event.data.id); if (_event.data.ballast) ballast = _event.data.ballast;</script>
    <if cond="_event.data.put"><ledger:put name="_event.data.id + ':put'"/></if>
    <if cond="_event.data.ask"><ledger:ask requestid="ask" name="_event.data.id + ':ask'"/></if>
    <if cond="_event.data.armMs">
      <send event="'due'" delay="_event.data.armMs + 'ms'" idlocation="sendId"><param name="id" expr="_event.data.id"/></send>
      <script>armed[_event.data.id] = sendId;</script>
    </if>
    <if cond="_event.data.tell">
      <send target="_event.data.tell" event="'told'"><param name="id" expr="_event.data.id + ':told'"/></send>
    </if>
    <if cond="_event.data.cancel &amp;&amp; armed[_event.data.cancel]"><cancel sendid="armed[_event.data.cancel]"/></if>
  </transition>
  <transition event="due"><script>take(_event.data.id + ':due'); delete armed[_event.data.id];</script></transition>
  <transition event="cancel.successful">
    <script>var name = nameOf(_event.data.sendid || _event.sendid); take(name + ':cancelled'); delete armed[name];</script>
  </transition>
  <transition event="told"><script>take(_event.data.id);</script></transition>
  <transition event="ledger.answered"><script>take(_event.data.id);</script></transition>
  <transition event="error.*"><script>take('error:' + _event.name);</script></transition>
</state>
</scxml>`

/** Finds the application and nothing else. */
export const resolveApplication: Resolve = (href, base) => {
  const url = URL.canParse(href) ? href : new URL(href, base).href
  return Promise.resolve(
    url === APPLICATION_URL
      ? { found: true, source: { url, text: DOCUMENT } }
      : { found: false, url, reason: 'there is no such file' },
  )
}

const nameAttribute = {
  name: 'name',
  kind: 'expression',
  type: 'string',
  required: true,
  doc: 'what is written down',
  confidence: 'choice',
} as const

const requestId = { name: 'requestid', kind: 'location', type: 'string', doc: '', confidence: 'choice' } as const

/** Actions `put` (once) and `ask` (open, answered by `ledger.answered`). */
export const ledgerModule: Module = {
  name: 'ledger',
  roots: [{ root: 'ledger', constants: {} }],
  namespace: {
    module: 'ledger',
    uris: ['www.example.com/ledger', 'http://www.example.com/ledger'],
    elements: (['put', 'ask'] as const).map((name) => ({
      name,
      kind: 'action',
      attributes: [requestId, nameAttribute],
      children: [],
      events: name === 'ask' ? ['ledger.answered'] : [],
      doc: 'writes a name into the ledger',
      source: '',
      confidence: 'choice',
    })),
  },
  functions: [],
  initial: () => ({}),
  plan: ({ element, attributes }) => ({
    kind: 'planned',
    commands: [
      { type: `ledger.${element}`, mode: element === 'ask' ? 'open' : 'once', body: { name: attributes['name'] } },
    ],
  }),
  apply: (_, slice) => slice,
  view: () => ({}),
}
