import type { AttributeSpec, ElementSpec } from '@segue/scxml'
import { flagAttribute, secondsAttribute, textAttribute, valueAttribute, wordAttribute } from '../element-attributes.ts'

/** Words for kinds of targets. Spec: queue §7.1. */
export const targetWords: readonly string[] = [
  'agent',
  'place',
  'agentgroup',
  'placegroup',
  'queue',
  'dn',
  'skill',
  'campaigngroup',
  'routepoint',
  'label',
]

const statServer: AttributeSpec = textAttribute('statserver', {
  doc: 'Statistics server; a name that the configuration does not have is a label.',
  confidence: 'doc',
})

const targets: ElementSpec = {
  name: 'targets',
  kind: 'child',
  attributes: [
    wordAttribute('type', targetWords, { doc: 'Kind of those targets that name none.', confidence: 'doc' }),
    statServer,
  ],
  children: [
    { name: 'target' },
    { name: 'targetid' },
    { name: 'activity', max: 1 },
    { name: 'workbin', max: 1 },
    { name: 'targetblockclearing', max: 1 },
  ],
  events: [],
  doc: 'The targets of a submit.',
  source: 'queue §7.1',
  confidence: 'doc',
}

const target: ElementSpec = {
  name: 'target',
  kind: 'child',
  attributes: [
    textAttribute('name', {
      doc: 'Object by its configuration name; together with "skillexpr" the group that restricts the search.',
      confidence: 'doc',
    }),
    wordAttribute('type', targetWords, {
      doc: 'Kind of target.',
      confidence: 'doc',
      defaultText: 'that of "targets"; "skill" when there is a skill expression',
    }),
    statServer,
    textAttribute('skillexpr', { doc: 'Skill expression, for example Loan > 1.', confidence: 'doc' }),
    valueAttribute('weight', { doc: 'Share in percentage order; text such as 60 is accepted.', confidence: 'doc' }),
    textAttribute('threshold', { doc: 'Expression that has to be true for the target to count.', confidence: 'doc' }),
    textAttribute('switch', { doc: 'Switch of a number; accepted and not used.', confidence: 'mem?' }),
  ],
  children: [],
  events: [],
  doc: 'One target.',
  source: 'queue §7.2',
  confidence: 'doc',
}

const targetid: ElementSpec = {
  name: 'targetid',
  kind: 'child',
  attributes: [
    valueAttribute('expr', {
      doc: 'One or more targets as text, for example Group@StatServer.GA, with commas between them; or a list of such texts.',
      confidence: 'doc',
      required: true,
    }),
  ],
  children: [],
  events: [],
  doc: 'Targets as text.',
  source: 'queue §7.3',
  confidence: 'doc',
}

const activity: ElementSpec = {
  name: 'activity',
  kind: 'child',
  attributes: [
    textAttribute('name', { doc: 'Activity of workforce management.', confidence: 'mem?', required: true }),
    secondsAttribute('cutofftime', { doc: 'Time before the end of the schedule.', confidence: 'mem?' }),
    statServer,
  ],
  children: [],
  events: [],
  doc: 'Agents scheduled for an activity.',
  source: 'queue §7.4',
  confidence: 'doc',
  isUnsupported: true,
}

const workbin: ElementSpec = {
  name: 'workbin',
  kind: 'child',
  attributes: [
    textAttribute('type', { doc: 'Type of workbin.', confidence: 'mem?' }),
    textAttribute('name', { doc: 'Type of workbin.', confidence: 'mem?' }),
    flagAttribute('loggedin', {
      doc: 'Considers owners only that are logged in.',
      confidence: 'mem?',
      defaultText: 'false',
    }),
  ],
  children: [],
  events: [],
  doc: 'Workbins of the targets beside it.',
  source: 'queue §7.5',
  confidence: 'doc',
  isUnsupported: true,
}

const targetblockclearing: ElementSpec = {
  name: 'targetblockclearing',
  kind: 'child',
  attributes: [flagAttribute('expr', { doc: 'Overrides "clearontimeout".', confidence: 'mem?' })],
  children: [],
  events: [],
  doc: 'Overrides "clearontimeout" of the submit.',
  source: 'queue §7.6',
  confidence: 'mem?',
}

/** What stands inside of a submit. */
export const targetElements: readonly ElementSpec[] = [
  targets,
  target,
  targetid,
  activity,
  workbin,
  targetblockclearing,
]
