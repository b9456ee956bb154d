import type { Module } from '@segue/runtime'
import { moduleWithoutActions } from '../without-actions.ts'

/** Kinds of numbers as the configuration layer counts them. Spec: resource §2. */
const resourceTypes = {
  any: -1,
  CFGNoDN: 0,
  CFGExtension: 1,
  CFGACDPosition: 2,
  CFGACDQueue: 3,
  CFGRoutingPoint: 4,
  CFGVirtACDQueue: 5,
  CFGVirtRoutingPoint: 6,
  CFGEAPort: 7,
  CFGVoiceMail: 8,
  CFGCellular: 9,
  CFGCP: 10,
  CFGFAX: 11,
  CFGData: 12,
  CFGMusic: 13,
  CFGTrunk: 14,
  CFGTrunkGroup: 15,
  CFGTieLine: 16,
  CFGTieLineGroup: 17,
  CFGMixed: 18,
  CFGExtRoutingPoint: 19,
  CFGDestinationLabel: 20,
  CFGServiceNumber: 21,
  CFGRoutingQueue: 22,
  CFGCommDN: 23,
  CFGEmail: 24,
  CFGVoIP: 25,
  CFGVideo: 26,
  CFGChat: 27,
  CFGCoBrowse: 28,
  CFGVoIPService: 29,
  CFGWorkflow: 30,
  CFGAccessResource: 31,
  CFGGVPDID: 32,
} as const

/** Root `_genesys.resource`: enumerations only; the module has no actions. Spec: resource §1. */
export const resourceModule: Module<null> = moduleWithoutActions('resource', {
  constants: { resourceType: resourceTypes },
})
