import { z } from 'zod'

const text = z.union([z.string(), z.number()]).transform(String)
const name = text.pipe(z.string().min(1).max(255))
const scalar = z.union([z.string(), z.number(), z.boolean()])
const scalarText = scalar.transform(String)
const clock = z.string().regex(/^([01]\d|2[0-4]):[0-5]\d(:[0-5]\d)?$/)
const date = z.string().regex(/^(\d{4}-)?\d{2}-\d{2}$/)

const tenant = z.strictObject({ name, id: z.int().positive() })
const switchObject = z.strictObject({ name, kind: name.default('simulated') })
const dn = z.strictObject({
  number: name,
  switch: name.optional(),
  type: z.enum(['routepoint', 'extension', 'queue', 'acdposition']).default('extension'),
  application: text.pipe(z.string().min(1).max(4_096)).optional(),
  applicationByCluster: z.record(name, text.pipe(z.string().min(1).max(4_096))).optional(),
  defaultDestination: name.optional(),
})
const place = z.strictObject({ name, dns: z.array(name).default([]) })
const agent = z.strictObject({
  id: name,
  name: name.optional(),
  skills: z.record(z.string(), z.int().min(0)).default({}),
  dn: name.optional(),
  place: name.optional(),
})
const agentGroup = z.strictObject({
  name,
  agents: z.array(name).default([]),
  skillExpression: z.string().min(1).optional(),
})
const application = z.strictObject({
  name,
  url: z.string().min(1),
  alternateUrl: z.string().min(1).optional(),
  parameters: z.record(z.string(), scalar).default({}),
  durability: z.enum(['durable', 'relaxed', 'none']).default('durable'),
  honourPersistFalse: z.boolean().optional(),
  trace: z.enum(['off', 'outcome', 'full']).default('outcome'),
})
const list = z.strictObject({
  name,
  items: z.record(z.string(), z.record(z.string(), scalarText)).default({}),
})
const dayTable = z.strictObject({
  name,
  days: z
    .array(z.strictObject({ name: name.optional(), date, from: clock.optional(), to: clock.optional() }))
    .default([]),
})
const timeZone = z.strictObject({ name, zone: name })
const optionSet = z.strictObject({
  level: z.enum(['strategy', 'routepoint', 'switch', 'tenant', 'router']),
  object: text.default(''),
  values: z.record(z.string(), scalarText),
})

/** What one configuration file may say; every section is optional, several files are merged. */
export const configurationFileSchema = z.strictObject({
  tenants: z.array(tenant).optional(),
  switches: z.array(switchObject).optional(),
  dns: z.array(dn).optional(),
  places: z.array(place).optional(),
  agents: z.array(agent).optional(),
  agentGroups: z.array(agentGroup).optional(),
  virtualQueues: z.array(z.strictObject({ name })).optional(),
  applications: z.array(application).optional(),
  lists: z.array(list).optional(),
  dayTables: z.array(dayTable).optional(),
  timeZones: z.array(timeZone).optional(),
  options: z.array(optionSet).optional(),
  statServers: z.array(name).optional(),
  moduleDefinitions: z.array(z.string().min(1).max(4_096)).max(32).optional(),
  documentOrigins: z.array(z.string().regex(/^https?:\/\/[^/\s]+$/)).optional(),
})

/** A configuration file after the schema has read it. */
export type ConfigurationFile = z.infer<typeof configurationFileSchema>

/** Section of a configuration file. */
export type ConfigurationSection = keyof ConfigurationFile

/** JSON Schema (2020-12) of a configuration file, for editors and the reference. */
export function configurationJsonSchema(): Readonly<Record<string, unknown>> {
  return { title: 'Segue configuration', ...z.toJSONSchema(configurationFileSchema, { io: 'input' }) }
}

/** Keys that the object at `path` of a file may have; for "did you mean". */
export function knownKeys(path: readonly PropertyKey[]): readonly string[] {
  let node: unknown = z.toJSONSchema(configurationFileSchema, { io: 'input' })
  for (const part of path) {
    node = typeof part === 'number' ? member(node, 'items') : member(member(node, 'properties'), String(part))
  }
  const properties = member(node, 'properties')
  return typeof properties === 'object' && properties !== null ? Object.keys(properties) : []
}

function member(node: unknown, key: string): unknown {
  if (typeof node !== 'object' || node === null || !Object.hasOwn(node, key)) return undefined
  return Reflect.get(node, key)
}
