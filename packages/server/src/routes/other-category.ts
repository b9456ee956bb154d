import type { FastifyReply } from 'fastify'
import type { PlaceCall } from '@segue/contact'
import { defaultTenant } from '@segue/contact'
import type { Centre } from '@segue/modules'
import { problem, refuse } from '../problem.ts'
import { refuseOverloaded } from './acceptance.ts'

const CATEGORIES = ['msgbased', 'chat'] as const

const MEDIA = { msgbased: 'TMediaAny', chat: 'TMediaChat' } as const

/**
 * A "call" of another category: no switch has it, so it is offered to the application of the number that it came to.
 *
 * Spec: interaction-model §7, §7.2, §7.3.
 */
export async function offerOtherCategory(
  reply: FastifyReply,
  centre: Centre,
  wanted: string,
  call: PlaceCall,
): Promise<FastifyReply> {
  const category = CATEGORIES.find((one) => one === wanted)
  if (category === undefined) {
    return refuse(reply, problem('SEG-API-015', { name: 'category', expected: `voice, ${CATEGORIES.join(' or ')}` }))
  }
  const configuration = centre.configuration()
  const application = configuration.dns.find((dn) => dn.number === call.to)?.application
  if (application === undefined) {
    const description = `no application is configured for number "${call.to}"`
    return refuse(reply, problem('SEG-API-008', { description }))
  }
  const customer = { device: call.from, devicetype: 'customer', state: 'processing' }
  const offered = await centre.offerInteraction({
    view: {
      ...(call.callId === undefined ? {} : { g_uid: call.callId }),
      category,
      tenantid: String(defaultTenant(configuration).id),
      parentid: call.parentCallId ?? '',
      contactedaddr: call.to,
      parties: {
        [call.from]: customer,
        ...Object.fromEntries(
          (call.parties ?? []).map(({ device, deviceType, state }) => [
            device ?? deviceType,
            { device, devicetype: deviceType, state },
          ]),
        ),
      },
      udata: call.userData ?? {},
      xdata: {},
      location: { media_server: '' },
      [category]: { state: 'processing', media: MEDIA[category], from: call.from, to: [call.to], queue: call.to },
    },
    focusDeviceId: call.to,
    application,
  })
  switch (offered.status) {
    case 'accepted':
      return reply
        .status(201)
        .header('location', `/api/v1/interactions/${offered.id}`)
        .send({ callId: offered.id, category })
    case 'exists':
      return refuse(reply, problem('SEG-API-022', { id: offered.id }))
    case 'overloaded':
      return refuseOverloaded(reply, offered.retryAfterS)
  }
}
