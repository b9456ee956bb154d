import { describe, expect, it } from 'vitest'
import { command, element, plan, refusal } from './acting.ts'
import type { Written } from './acting.ts'

const prompt = (attributes: Record<string, unknown>) => element('dialog:prompt', { attributes })
const prompts = (children: Written['children'], type = 'ann') =>
  element('dialog:prompts', { attributes: { type }, children: children ?? [] })
const input = (attributes: Record<string, unknown>) => element('dialog:input', { attributes })
const written = (name: string, given: Written = {}) =>
  element(`dialog:${name}`, { ...given, attributes: { interactionid: 'A', ...given.attributes } })
const requestOf = (name: string, given?: Written) => {
  const { mode, body } = command(plan(written(name, given)))
  expect({ mode, to: body['to'] }).toEqual({ mode: 'open', to: { kind: 'interaction', id: 'A' } })
  return (body['message'] as { request: Record<string, unknown> }).request
}
const treatmentOf = (name: string, given?: Written) => {
  const request = requestOf(name, given)
  expect(request).toMatchObject({ kind: 'treat', requestId: 'req-1', element: name })
  return request['treatment']
}
const errorOf = (name: string, given?: Written) => {
  const event = refusal(plan(written(name, given)))
  expect(event.name).toBe(`error.dialog.${name}`)
  expect(event.data).toMatchObject({ requestid: 'req-1', description: expect.any(String) })
  return event.data['error']
}

describe('treatments', () => {
  it('start runs the application of APP_URI with all parameters', () => {
    const params = { APP_URI: 'http://a/menu.vxml', LANGUAGE: 'English (US)', count: 3, flag: true, nothing: undefined }

    expect(treatmentOf('start', { attributes: { type: 'applid', device: '5000' }, params })).toEqual({
      kind: 'application',
      applicationUri: 'http://a/menu.vxml',
      parameters: { APP_URI: 'http://a/menu.vxml', LANGUAGE: 'English (US)', count: 3, flag: 'true' },
    })
  })

  it('start runs "src" when there is no APP_URI', () => {
    expect(treatmentOf('start', { attributes: { src: 'http://a/x.vxml' } })).toMatchObject({
      applicationUri: 'http://a/x.vxml',
    })
  })

  it('play plays its prompts in order', () => {
    const children = [
      prompts([prompt({ interrupt: 'true', text: 'a.wav' }), prompt({ intid: '5' })]),
      prompts([prompt({ number: '05551234' }), prompt({ userannid: 'u1' })]),
    ]

    expect(treatmentOf('play', { attributes: { language: 'English (US)' }, children })).toEqual({
      kind: 'announcement',
      language: 'English (US)',
      prompts: [
        { text: 'a.wav', isInterruptible: true },
        { announcementId: 5, isInterruptible: false },
        { number: '05551234', isInterruptible: false },
        { userAnnouncementId: 'u1', isInterruptible: false },
      ],
    })
  })

  it('playandcollect collects digits as generated applications write it', () => {
    const children = [
      prompts([prompt({ interrupt: 'true', text: 'score.wav' })]),
      input({
        clear: 'true',
        total_timeout: 0,
        digit_timeout: 2,
        start_timeout: '8',
        ignore_digits: '#',
        term_digits: '*',
        max_digits: '1',
      }),
    ]

    expect(treatmentOf('playandcollect', { children })).toEqual({
      kind: 'collect',
      prompts: [{ text: 'score.wav', isInterruptible: true }],
      input: {
        maxDigits: 1,
        terminationDigits: '*',
        ignoreDigits: '#',
        startTimeoutS: 8,
        digitTimeoutS: 2,
        clearFirst: true,
      },
    })
  })

  it('collect has no prompts', () => {
    expect(
      treatmentOf('collect', { children: [input({ max_digits: 4, abort_digits: 'A', total_timeout: 9 })] }),
    ).toEqual({
      kind: 'collect',
      prompts: [],
      input: { maxDigits: 4, abortDigits: 'A', totalTimeoutS: 9 },
    })
  })

  it.each([
    ['music', 'music'],
    ['RingBack', 'ringback'],
    ['busytone', 'busy'],
    ['fastbusytone', 'fastbusy'],
    ['recordedannouncement', 'ran'],
    ['silence', 'silence'],
  ])('playsound of %s plays %s', (type, sound) => {
    expect(treatmentOf('playsound', { attributes: { type, duration: 60, resource: 'm.wav' } })).toEqual({
      kind: 'sound',
      sound,
      resource: 'm.wav',
      durationS: 60,
    })
  })

  it('playsound without a duration goes on until it is stopped', () => {
    expect(treatmentOf('playsound', { attributes: { type: 'music' } })).toEqual({ kind: 'sound', sound: 'music' })
  })

  it('stop names the treatment, whose id its answer carries', () => {
    expect(requestOf('stop', { attributes: { requestid: 'r9' } })).toEqual({
      kind: 'stopTreatment',
      requestId: 'r9',
      treatmentRequestId: 'r9',
    })
  })

  it.each(['start', 'play'])('%s tells its id at once', (name) => {
    const planned = plan(
      written(name, { params: { APP_URI: 'http://a/x' }, children: [prompts([prompt({ text: 'a' })])] }),
    )

    expect(planned).toMatchObject({
      events: [{ name: `dialog.${name}.requestid`, data: { requestid: 'req-1', interactionid: 'A' } }],
    })
  })

  it('playsound tells nothing before its end', () => {
    expect(plan(written('playsound', { attributes: { type: 'music' } }))).not.toHaveProperty('events')
  })
})

describe('treatments that cannot be', () => {
  it.each<[string, string, Written]>([
    ['start without an application', 'start', {}],
    ['start with an application that is no text', 'start', { params: { APP_URI: { a: 1 } } }],
    ['play without prompts', 'play', {}],
    ['a prompt without content', 'play', { children: [prompts([prompt({})])] }],
    ['a prompt with two contents', 'play', { children: [prompts([prompt({ text: 'a', intid: 1 })])] }],
    ['an announcement id that is no number', 'play', { children: [prompts([prompt({ intid: 'x' })])] }],
    ['speech without text', 'play', { children: [prompts([prompt({ intid: 1 })], 'tts')] }],
    ['prompts for verification', 'play', { children: [prompts([prompt({ text: 'a' })], 'iretry')] }],
    ['eleven prompts', 'play', { children: [prompts(Array.from({ length: 11 }, () => prompt({ text: 'a' })))] }],
    ['collect without input', 'collect', {}],
    ['32 digits', 'collect', { children: [input({ max_digits: 32 })] }],
    ['three keys', 'collect', { children: [input({ term_digits: '123' })] }],
    ['keys that no telephone has', 'collect', { children: [input({ ignore_digits: 'x' })] }],
    ['a negative time', 'collect', { children: [input({ start_timeout: -1 })] }],
    ['keys to take back', 'collect', { children: [input({ reset_digits: '*' })] }],
    ['an unknown sound', 'playsound', { attributes: { type: 'jazz' } }],
    ['no sound', 'playsound', {}],
    ['a negative duration', 'playsound', { attributes: { type: 'music', duration: -5 } }],
    ['no interaction', 'playsound', { attributes: { type: 'music', interactionid: undefined } }],
    ['stop without an id', 'stop', {}],
  ])('%s is refused with "invalidattribute"', (_title, name, given) => {
    expect(errorOf(name, given)).toBe('invalidattribute')
  })

  it('a pause outside of "runtreatments" is refused', () => {
    const event = refusal(plan(element('dialog:pause', { attributes: { duration: 2 } })))

    expect(event).toMatchObject({
      name: 'error.dialog.pause',
      data: { error: 'invalidattribute', code: 'SEG-MODULE-007' },
    })
  })

  it.each(['playandverify', 'remote', 'createann', 'deleteann', 'setdialogdest'])(
    '%s, which no switch does yet, is refused with "remote" and marked so',
    (name) => {
      expect(errorOf(name)).toBe('remote')
      expect(element(`dialog:${name}`).source.spec.isUnsupported).toBe(true)
    },
  )
})
