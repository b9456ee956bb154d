import { readConfiguration } from '@segue/contact'
import type { Configuration } from '@segue/contact'

/** Telephones of the agents, by agent. */
export const AGENTS: Readonly<Record<string, string>> = { ada: '7001', ben: '7002', cleo: '7003' }
/** Routing points with the priority that their callers have. */
export const POINTS: Readonly<Record<string, number>> = { '4200': 0, '4300': 5 }
export const SWITCH = 'SIP'

/** Which agents a routing point may route to. */
export const TEAMS: Readonly<Record<string, readonly string[]>> = {
  '4200': ['ada', 'ben'],
  '4300': ['ada', 'ben', 'cleo'],
}

const FOLDER = 'file:///desk/'

/** A centre with two routing points whose callers wait for agents. */
export function deskConfiguration(): Configuration {
  const objects = {
    switches: [{ name: SWITCH, kind: 'simulated' }],
    applications: Object.keys(POINTS).map((point) => ({ name: `app${point}`, url: `app${point}.scxml` })),
    dns: [
      ...Object.keys(POINTS).map((number) => ({
        number,
        switch: SWITCH,
        type: 'routepoint',
        application: `app${number}`,
      })),
      ...Object.values(AGENTS).map((number) => ({ number, switch: SWITCH, type: 'extension' })),
    ],
    agents: Object.entries(AGENTS).map(([id, dn]) => ({ id, dn })),
    agentGroups: Object.entries(TEAMS).map(([point, agents]) => ({ name: `team${point}`, agents })),
  }
  const file = { file: '/desk/segue.yaml', text: JSON.stringify(objects) }
  const { configuration, findings } = readConfiguration([file], { baseUrl: `${FOLDER}segue.yaml` })
  if (configuration === undefined) throw new Error(findings.map(({ message }) => message).join('; '))
  return configuration
}

/** The applications by address: they submit the call, and again when that fails, until it has gone. */
export const deskDocuments: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(POINTS).map(([point, priority]) => [
    `${FOLDER}app${point}.scxml`,
    `<scxml version="1.0" xmlns="http://www.w3.org/2005/07/scxml" initial="all" profile="ecmascript" name="app${point}"
      xmlns:queue="http://www.genesyslab.com/modules/queue">
      <script>var ixn = '';</script>
      <state id="all" initial="wait">
        <state id="wait">
          <transition event="interaction.added" target="queued"><assign location="ixn" expr="_event.data.interactionid"/></transition>
        </state>
        <state id="queued">
          <onentry>
            <queue:submit queue="'VQ'" interactionid="ixn" priority="${priority}" timeout="100000" route="true"><queue:targets><queue:target name="'team${point}'" type="agentgroup"/></queue:targets></queue:submit>
          </onentry>
          <transition event="queue.submit.done" target="end"/>
          <transition event="error.queue.submit" target="later"/>
        </state>
        <state id="later">
          <onentry><send event="'again'" delay="'3s'"/></onentry>
          <transition event="again" target="queued"/>
        </state>
        <transition event="interaction.deleted" target="end"/>
      </state>
      <final id="end"/>
    </scxml>`,
  ]),
)
