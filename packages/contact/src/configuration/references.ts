import { parseSkillExpression } from '../routing/skills.ts'
import { isKnownZone } from '../calendars/zones.ts'
import { applicationNameOf } from './application-address.ts'
import type { Configuration, ConfigurationFinding } from './configuration.ts'
import type { CheckedFile } from './checked-file.ts'
import type { ConfigurationSection } from './schema.ts'
import type { SourceFile } from './source-file.ts'
import { closestName } from './suggest.ts'

type Path = readonly PropertyKey[]

/** Duplicate names, references to missing objects, malformed expressions and unknown zones, over all files. */
export function checkReferences(
  files: readonly CheckedFile[],
  configuration: Configuration,
): readonly ConfigurationFinding[] {
  const findings: ConfigurationFinding[] = []
  const known = {
    switch: new Set(configuration.switches.map((item) => item.name)),
    agent: new Set(configuration.agents.map((item) => item.id)),
    application: new Set(configuration.applications.map((item) => item.name)),
    DN: new Set(configuration.dns.map((item) => item.number)),
    place: new Set(configuration.places.map((item) => item.name)),
  }
  const refer = (source: SourceFile, path: Path, owner: string, kind: keyof typeof known, name: string): void => {
    if (known[kind].has(name)) return
    const closest = closestName(name, known[kind])
    const suggestion = closest === undefined ? `configure the ${kind} or correct the name` : `did you mean "${closest}"`
    findings.push(source.finding('SEG-CONFIG-005', { owner, kind, name, suggestion }, path))
  }
  const referApplication = (source: SourceFile, path: Path, owner: string, text: string): void => {
    const name = applicationNameOf(text)
    if (name !== undefined) refer(source, path, owner, 'application', name)
    const addresses = name === undefined ? text.trim().split(/\s+/) : []
    if (addresses.length <= 2 && addresses.every((one) => URL.canParse(one))) return
    const reason = 'is no address, and not two with a blank between them'
    findings.push(source.finding('SEG-CONFIG-002', { path: path.map(String).join('.'), reason }, path))
  }
  findDuplicates(files, configuration, findings)
  for (const { source, content } of files) {
    content.dns?.forEach((dn, index) => {
      const owner = `DN "${dn.number}"`
      if (dn.switch !== undefined) refer(source, ['dns', index, 'switch'], owner, 'switch', dn.switch)
      else if (configuration.switches.length !== 1) {
        const reason = 'is missing; it can be left out only when exactly one switch is configured'
        findings.push(source.finding('SEG-CONFIG-002', { path: `dns.${index}.switch`, reason }, ['dns', index]))
      }
      if (dn.application !== undefined) referApplication(source, ['dns', index, 'application'], owner, dn.application)
      for (const [cluster, application] of Object.entries(dn.applicationByCluster ?? {}))
        referApplication(source, ['dns', index, 'applicationByCluster', cluster], owner, application)
    })
    content.places?.forEach((place, index) => {
      place.dns.forEach((dn, at) => refer(source, ['places', index, 'dns', at], `place "${place.name}"`, 'DN', dn))
    })
    content.agents?.forEach((agent, index) => {
      const owner = `agent "${agent.id}"`
      if (agent.dn !== undefined) refer(source, ['agents', index, 'dn'], owner, 'DN', agent.dn)
      if (agent.place !== undefined) refer(source, ['agents', index, 'place'], owner, 'place', agent.place)
      const dn = configuration.agents.find((item) => item.id === agent.id)?.dn
      if (dn === '') findings.push(source.finding('SEG-CONFIG-009', { name: agent.id }, ['agents', index]))
    })
    content.agentGroups?.forEach((group, index) => {
      group.agents.forEach((agent, at) =>
        refer(source, ['agentGroups', index, 'agents', at], `agent group "${group.name}"`, 'agent', agent),
      )
      if (group.skillExpression === undefined) return
      const parsed = parseSkillExpression(group.skillExpression)
      if (!parsed.ok) {
        const path = ['agentGroups', index, 'skillExpression']
        findings.push(source.finding('SEG-CONFIG-006', { name: group.name, reason: parsed.reason }, path))
      }
    })
    content.timeZones?.forEach((zone, index) => {
      if (!isKnownZone(zone.zone)) {
        findings.push(source.finding('SEG-CONFIG-007', { name: zone.zone }, ['timeZones', index, 'zone']))
      }
    })
  }
  return findings
}

const identities: Partial<
  Record<ConfigurationSection, { readonly kind: string; readonly members: readonly string[] }>
> = {
  tenants: { kind: 'tenant', members: ['name'] },
  switches: { kind: 'switch', members: ['name'] },
  dns: { kind: 'DN', members: ['number', 'switch'] },
  places: { kind: 'place', members: ['name'] },
  agents: { kind: 'agent', members: ['id'] },
  agentGroups: { kind: 'agent group', members: ['name'] },
  virtualQueues: { kind: 'virtual queue', members: ['name'] },
  applications: { kind: 'application', members: ['name'] },
  lists: { kind: 'list', members: ['name'] },
  dayTables: { kind: 'day table', members: ['name'] },
  timeZones: { kind: 'time zone', members: ['name'] },
}

function findDuplicates(
  files: readonly CheckedFile[],
  configuration: Configuration,
  findings: ConfigurationFinding[],
): void {
  const onlySwitch = configuration.switches.length === 1 ? configuration.switches[0]?.name : ''
  for (const [section, identity] of Object.entries(identities)) {
    const first = new Map<string, string>()
    for (const { source, content } of files) {
      const items: unknown = Reflect.get(content, section)
      if (!Array.isArray(items)) continue
      items.forEach((item: unknown, index) => {
        const values = identity.members.map((member) => {
          const value: unknown = typeof item === 'object' && item !== null ? Reflect.get(item, member) : undefined
          return typeof value === 'string' ? value : (onlySwitch ?? '')
        })
        const name = values.join('@')
        const place = first.get(name)
        const path = [section, index, identity.members[0] ?? 'name']
        if (place === undefined) first.set(name, source.place(path))
        else findings.push(source.finding('SEG-CONFIG-004', { kind: identity.kind, name, first: place }, path))
      })
    }
  }
}
