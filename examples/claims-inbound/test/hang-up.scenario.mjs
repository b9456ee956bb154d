// SPDX-License-Identifier: Apache-2.0
// The caller hangs up in every state. One table says how a call gets to a state and stays there; each row is a scenario.
import { readFileSync } from 'node:fs'

export const about = 'the caller hangs up in every state'

const customers = 'POST http://127.0.0.1:8790/customers/find'
const claims = 'POST http://127.0.0.1:8790/claims/search'
const notes = 'POST http://127.0.0.1:8790/notes'
const menu = 'http://voice.thistledown.example/motor-menu.vxml'

export const given = {
  time: '2024-03-05T10:00:00Z',
  announcements: {
    [menu]: { lasts: '6s', 'user data': { tm_kind: 'glass', tm_next: 'agent' } },
    'http://voice.thistledown.example/sorry.vxml': '4s',
    'http://voice.thistledown.example/question.wav': '4s',
    'http://voice.thistledown.example/thanks.wav': '2s',
  },
  web: {
    [customers]: { body: { customer: { id: 'C-77' }, token: 'tok-1' } },
    [claims]: { body: { claims: [] } },
    [notes]: { body: { ok: true } },
    // Before the settings are read, their defaults count.
    'POST http://claims.thistledown.example/notes': { body: { ok: true } },
    'POST http://127.0.0.1:8790/survey': { body: { ok: true } },
  },
}

const ready = { agents: { nora: 'ready' } }
const toSurvey = { announcements: { [menu]: { lasts: '6s', 'user data': { tm_next: 'survey' } } } }
const refusal = (action, error) => ({ answer: { action, with: `error.${action.replace(':', '.')}`, data: { error } } })

const fetchOf = (path) => ({ action: 'session:fetch', asking: { url: { contains: path } } })

/** State, what is given, what happens after the call until it is there, and the block that the note names. */
const waits = [
  ['claims.FindProfile_sub.FindCustomer', { hold: [fetchOf('/customers/find')] }, [], 'FindProfile'],
  ['claims.FindProfile_sub.FindClaims', { hold: [fetchOf('/claims/search')] }, [], 'FindProfile'],
  ['claims.AttachProfile_sub.Write', { hold: ['ixn.setuData'] }, [], 'AttachProfile'],
  ['claims.PlayMenu', {}, [{ wait: '3s' }], 'PlayMenu'],
  ['claims.ToSurvey', { ...toSurvey, hold: ['interaction:redirect'] }, [{ wait: '6s' }], 'ToSurvey'],
  ['claims.Target', {}, [{ wait: '10s' }], 'Target'],
  ['claims.HandOver_sub.Detach', { ...ready, hold: ['interaction:detach'] }, [{ wait: '6s' }], 'HandOver'],
  [
    'claims.HandOver_sub.Pause',
    { ...ready, hold: ['interaction:detach'] },
    [{ wait: '6s' }, refusal('interaction:detach', 'invalidstate')],
    'HandOver',
  ],
  ['claims.NextRound', {}, [{ wait: '26500ms' }], 'NextRound'],
  ['claims.PlaySorry', {}, [{ wait: '49s' }], 'PlaySorry'],
  ['claims.ToBranch', { hold: ['interaction:redirect'] }, [{ wait: '52s' }], 'ToBranch'],
]

/** The session has let go of the call: it hears of the hang-up when it asks for something. */
const without = [
  ['claims.HandOver_sub.Redirect', 'interaction:redirect', []],
  ['claims.HandOver_sub.TakeBack', 'interaction:attach', [refusal('interaction:redirect', 'invaliddestination')]],
]

/** Blocks that wait for nothing are left in the same moment; here the hang-up comes right behind their first line. */
const passing = ['Entry', 'ReadSettings', 'FindProfile', 'AttachProfile', 'ChooseDesk', 'HandOver']

const surveys = [
  ['Ask', {}, [{ wait: '1s' }]],
  ['Send', { hold: [fetchOf('/survey')] }, [{ wait: '1s' }, { press: { digits: '4' } }]],
  ['Thank', {}, [{ wait: '1s' }, { press: { digits: '4' } }, { wait: '1s' }]],
]

export const scenarios = [
  ...waits.map(([state, special, steps, block]) => ({
    name: `a hang-up in ${state} is noted, and nothing is left of the call`,
    given: special,
    async run({ expect, when }) {
      await when({ call: { from: '0301112233', to: '4600' } })
      for (const step of steps) await when(step)
      await expect({ state })
      await when({ 'hang up': 'call', 'hold nothing': true, wait: '1 minute' })
      await expect({
        'ended in': '_composer_global_exit',
        request: { url: '/notes', body: { outcome: 'caller left', block } },
        'left over': { sessions: 0, interactions: 0, calls: 0, timers: 0, messages: 0, waiting: 0 },
      })
    },
  })),

  ...without.map(([state, action, steps]) => ({
    name: `a hang-up in ${state} makes a lost call, and nothing is left of it`,
    given: { ...ready, hold: ['interaction:redirect', 'interaction:attach'] },
    async run({ expect, when }) {
      await when({ call: { from: '0301112233', to: '4600' }, wait: '6s' })
      for (const step of steps) await when(step)
      await expect({ state })
      await when({ 'hang up': 'call', 'hold nothing': true })
      await when({ event: { name: `${action.replace(':', '.')}.done`, data: { requestid: 'another' } } })
      await expect({ state })
      await when(refusal(action, 'unknown'))
      await expect({ request: { url: '/notes', body: { outcome: 'lost' } }, 'left over': 'nothing' })
    },
  })),

  ...passing.map((block) => ({
    name: `a hang-up that comes right behind the beginning of ${block} is noted`,
    given: { ...ready, documents: { 'include/Frame.js': frameThatHangsUpIn(block) } },
    async run({ expect, when }) {
      await when({ call: { from: '0301112233', to: '4600' }, wait: '1 minute' })
      await expect({
        session: 1,
        'ended in': '_composer_global_exit',
        request: { url: '/notes', body: { outcome: 'caller left', block } },
      })
    },
  })),

  {
    name: 'a hang-up while the note is written is noted, too',
    given: {
      announcements: { [menu]: { lasts: '6s', 'user data': { tm_next: 'done' } } },
      hold: [{ action: 'session:fetch', asking: { requestBody: { contains: 'served by the menu' } } }],
    },
    async run({ expect, when }) {
      await when({ call: { from: '0301112233', to: '4600' }, wait: '8s' })
      await expect({ state: 'claims.PostNote' })
      await when({ 'hang up': 'call', wait: '1 minute' })
      await expect({ request: { url: '/notes', body: { outcome: 'caller left' } }, 'left over': 'nothing' })
    },
  },

  ...surveys.map(([state, special, steps]) => ({
    name: `a hang-up in ${state} ends the survey`,
    given: special,
    async run({ expect, when }) {
      await when({ call: { from: '0301112233', to: '4690' } })
      for (const step of steps) await when(step)
      await expect({ state })
      await when({ 'hang up': 'call', wait: '1 minute' })
      await expect({ 'ended in': 'CallerGone', 'left over': 'nothing' })
    },
  })),
]

/** Frame.js with a `block` in place of its own, as with any library that is included later. */
function frameThatHangsUpIn(name) {
  return `${readFileSync(new URL('../include/Frame.js', import.meta.url), 'utf8')}
    function block(name) {
      var ctx = _data.system.context;
      ctx.block = name;
      if (name == '${name}') {
        __Raise('interaction.deleted', { interactionid: ctx.InteractionID, resultof: 'deletion' });
      }
    }`
}
