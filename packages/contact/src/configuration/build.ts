import type { Configuration, OptionSet } from './configuration.ts'
import type { CheckedFile, ReadOptions } from './checked-file.ts'
import type { ConfigurationFile, ConfigurationSection } from './schema.ts'

/** Merges files and fills in the defaults of design §8. References are checked afterwards. */
export function buildConfiguration(files: readonly CheckedFile[], options: ReadOptions): Configuration {
  const all = <S extends ConfigurationSection>(section: S): NonNullable<ConfigurationFile[S]>[number][] =>
    files.flatMap((file) => [...(file.content[section] ?? [])])
  const tenants = all('tenants')
  const switches = all('switches')
  const onlySwitch = switches.length === 1 ? (switches[0]?.name ?? '') : ''
  const places = all('places')
  return {
    version: options.version ?? 1,
    tenants: tenants.length === 0 ? [{ name: 'Environment', id: 1 }] : tenants,
    switches,
    dns: all('dns').map((dn) => ({
      number: dn.number,
      switch: dn.switch ?? onlySwitch,
      type: dn.type,
      application: applicationOfDn(dn, options.cluster),
      defaultDestination: dn.defaultDestination,
    })),
    places,
    agents: all('agents').map((agent) => ({
      id: agent.id,
      name: agent.name ?? agent.id,
      skills: agent.skills,
      dn: agent.dn ?? places.find((place) => place.name === agent.place)?.dns[0] ?? '',
      place: agent.place,
    })),
    agentGroups: all('agentGroups').map((group) => ({
      name: group.name,
      agents: group.agents,
      skillExpression: group.skillExpression,
    })),
    virtualQueues: all('virtualQueues'),
    applications: files.flatMap((file) => {
      const base = options.baseUrl ?? baseOf(file.source.file)
      return (file.content.applications ?? []).map((application) => ({
        ...application,
        url: resolveUrl(application.url, base),
        alternateUrl: application.alternateUrl === undefined ? undefined : resolveUrl(application.alternateUrl, base),
      }))
    }),
    lists: all('lists'),
    dayTables: all('dayTables').map((table) => ({
      name: table.name,
      days: table.days.map((day) => ({ name: day.name ?? day.date, date: day.date, from: day.from, to: day.to })),
    })),
    timeZones: all('timeZones'),
    options: mergeOptions(all('options')),
    statServers: [...new Set(all('statServers'))],
    ...(files.some(({ content }) => content.moduleDefinitions !== undefined) && {
      moduleDefinitions: files.flatMap(({ content, source }) =>
        (content.moduleDefinitions ?? []).map((path) => resolveUrl(path, options.baseUrl ?? baseOf(source.file))),
      ),
    }),
    documentOrigins: [...new Set(all('documentOrigins'))],
  }
}

/** A routing point with applications for clusters is served by those alone. Spec: scxml-dialect §11. */
function applicationOfDn(
  { application, applicationByCluster }: NonNullable<ConfigurationFile['dns']>[number],
  cluster: string | undefined,
): string | undefined {
  if (applicationByCluster === undefined || cluster === undefined) return application
  return Object.hasOwn(applicationByCluster, cluster) ? applicationByCluster[cluster] : undefined
}

function mergeOptions(sets: readonly OptionSet[]): OptionSet[] {
  const merged = new Map<string, OptionSet>()
  for (const set of sets) {
    const key = `${set.level}/${set.object}`
    const earlier = merged.get(key)
    merged.set(key, earlier === undefined ? set : { ...earlier, values: { ...earlier.values, ...set.values } })
  }
  return [...merged.values()]
}

function baseOf(file: string): string | undefined {
  if (/^[a-z][a-z0-9+.-]+:/i.test(file)) return file
  if (!file.startsWith('/')) return undefined
  return `file://${file.split('/').map(encodeURIComponent).join('/')}`
}

function resolveUrl(url: string, base: string | undefined): string {
  return base !== undefined && URL.canParse(url, base) ? new URL(url, base).href : url
}
