import type { Realm } from '@segue/scxml'
import { allModules } from '@segue/modules'
import type { EntityStep } from '../../src/entity/contract.ts'
import { contextRealm } from '../../src/realm/context-realm.ts'
import { documents } from '../session/documents.ts'
import { stepper, type Stepper } from '../session/stepper.ts'
import { hostCanary, hostShape } from './host-canary.ts'
import { insideText } from './inside.ts'

/** What an attack did; an empty list means that it stayed inside. */
export type Findings = readonly string[]

export interface AttackOptions {
  /** The session is loaded from what was saved of it before. */
  readonly isLoaded?: boolean
  /** Objects to examine of what the attack got hold of. */
  readonly limit?: number
  /** Element that evaluates the text; `attack` examines what came of it, all others leave it to the engine. */
  readonly event?: string
}

export interface AttackWorld {
  /** Runs a text as a script of a new session of the attacked application. */
  attack(text: string, options?: AttackOptions): Promise<Findings>
  /** What the last attack logged. */
  readonly logged: readonly string[]
  /** Id of the session of the last attack. */
  readonly attacker: string
  /** What the honest session and the other application see of what they share with others. */
  check(): Promise<Findings>
  readonly stepper: Stepper
  [Symbol.dispose](): void
}

const attackedUrl = 'file:///app/attacked.scxml'
const otherUrl = 'file:///app/other.scxml'
const secrets = { session: 'S-7c1d9e55-session', other: 'O-51b2aa07-application' } as const

function documentOf(more: string): string {
  return `<scxml version="1.0" xmlns="http://www.w3.org/2005/07/scxml" xmlns:session="www.genesyslab.com/modules/session" profile="ecmascript" initial="s">
    <datamodel><data id="secret"/><data id="tree"><a x="1"><b>t</b></a></data></datamodel>
    <script><![CDATA[${insideText}${more}]]></script>
    <state id="s">
      <transition event="arm"><script>secret = _event.data.secret; _data.secret = secret; hidden = { inner: [secret] };</script></transition>
      <transition event="touch"><script>secret.replace(/^(.)(.*)$/, '$1'); __Log(Math.random() + secret.length);</script></transition>
      <transition event="attack"><script><![CDATA[
        out = [];
        try { take(eval(_event.data.text)) } catch (e) { take(e) }
        __Log('examined ' + examine(_event.data.limit));
      ]]></script></transition>
      <transition event="raw"><script><![CDATA[ eval(_event.data.text) ]]></script></transition>
      <transition event="guard" cond="eval(_event.data.text)"/>
      <transition event="each"><foreach array="eval(_event.data.text)" item="one" index="at"><script>last = one</script></foreach></transition>
      <transition event="log"><log expr="eval(_event.data.text)"/></transition>
      <transition event="delay"><send event="'later'" delay="eval(_event.data.text)"/></transition>
      <transition event="name"><raise event="n"><param name="v" expr="eval(_event.data.text)"/></raise><send event="eval(_event.data.text)"/></transition>
      <transition event="markup"><send type="'basichttp'" target="'http://127.0.0.1:9/x'" event="'x'"><content expr="eval(_event.data.text)"/></send></transition>
      <transition event="away"><send target="'OTHER'" event="'msg'"><param name="v" expr="eval(_event.data.text)"/></send></transition>
      <transition event="action"><session:fetch srcexpr="eval(_event.data.text)"/></transition>
      <transition event="msg"><script>got = uneval(_event.data.v)</script></transition>
      <transition event="report"><script>__Log('report ' + fingerprint() + ' ' + secret + ' ' + hidden.inner[0] + ' ' + _data.secret + ' ' + typeof leak);</script></transition>
    </state></scxml>`
}

/**
 * Two applications in one shard, the attacked one with a second session that keeps a secret, and a canary in the host.
 * Attacks come as the data of an event and are evaluated by the document, with all modules there.
 */
export async function attackWorld(library = '', realm: () => Realm = contextRealm): Promise<AttackWorld> {
  const canary = hostCanary()
  const stepped = stepper(documents({ [attackedUrl]: documentOf(library), [otherUrl]: documentOf('') }), {
    modules: allModules,
    realm,
  })
  const arm = async (id: string, url: string, secret: string): Promise<void> => {
    await stepped.start(id, url)
    await stepped.event(id, 'arm', { data: { secret } })
  }
  const report = async (id: string): Promise<string> =>
    logsOf(await stepped.event(id, 'report')).find((text) => text.startsWith('report ')) ?? 'no report'

  await arm('HONEST', attackedUrl, secrets.session)
  await arm('OTHER', otherUrl, secrets.other)
  const before = { honest: await report('HONEST'), other: await report('OTHER') }
  const shape = hostShape()
  let attacks = 0
  let logged: readonly string[] = []

  return {
    stepper: stepped,
    get logged() {
      return logged
    },
    get attacker() {
      return `ATTACKER${attacks}`
    },
    async attack(text, { isLoaded = false, limit = 400, event = 'attack' } = {}) {
      attacks += 1
      const id = `ATTACKER${attacks}`
      const produced: unknown[] = [await stepped.start(id, attackedUrl)]
      if (isLoaded) stepped.restart()
      await stepped.event('HONEST', 'touch')
      canary.reads.length = 0
      const told = stepped.incidents.length
      const findings: string[] = []
      let examined: string | undefined
      try {
        const step = await stepped.event(id, event, {
          data: { text, limit, fetched: '{"a":[1,{"b":2}],"__proto__":{"c":3}}' },
        })
        logged = logsOf(step)
        examined = event === 'attack' ? logged.find((line) => line.startsWith('examined ')) : 'examined '
        produced.push(step, step.snapshot && textOf(step.snapshot), step.redo && textOf(step.redo))
        if (!step.hasEnded) produced.push(await stepped.inspect(id))
        if (examined === undefined && !step.hasEnded) findings.push('the attack was not examined')
      } catch (error) {
        findings.push(`the step failed: ${error instanceof Error ? error.message : 'raw'}`)
      }
      if (examined !== undefined && examined !== 'examined ') findings.push(examined)
      produced.push(stepped.incidents.slice(told))
      findings.push(...canary.reads.map((what) => `host canary: ${what}`))
      stepped.shard.forget([id])
      const said = JSON.stringify(produced)
      for (const secret of [...Object.values(secrets), ...canary.secrets]) {
        if (said.includes(secret)) findings.push(`"${secret}" came out`)
      }
      return findings
    },
    async check() {
      const findings: string[] = []
      const honest = await report('HONEST')
      const other = await report('OTHER')
      if (honest !== before.honest) findings.push(`another session sees "${honest}" and not "${before.honest}"`)
      if (other !== before.other) findings.push(`another application sees "${other}" and not "${before.other}"`)
      findings.push(...shape.changes().map((path) => `host changed: ${path}`))
      findings.push(...canary.changes())
      return findings
    },
    [Symbol.dispose]: () => canary[Symbol.dispose](),
  }
}

function logsOf(step: EntityStep): readonly string[] {
  return step.trace.flatMap((line) => (line.kind === 'log' && typeof line['text'] === 'string' ? [line['text']] : []))
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}
