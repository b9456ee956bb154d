import { describe, expect, it } from 'vitest'
import { startWorld } from '@segue/testing'
import type { World } from '@segue/testing'

const root = `xmlns="http://www.w3.org/2005/07/scxml" xmlns:session="http://www.genesyslab.com/modules/session"
  profile="ecmascript" version="1.0"`

async function world(documents: Readonly<Record<string, string>>): Promise<World> {
  return startWorld({ configuration: { folder: process.cwd(), objects: {} }, documents })
}

/** What the session of `main.scxml` logged, after everything that needs at most a minute. */
async function logsOf(own: World): Promise<readonly string[]> {
  const started = await own.startSession(new URL('main.scxml', own.baseUrl).href)
  await own.advance({ minutes: 1 })
  if (!started.ok) throw new Error(JSON.stringify(started))
  return (await own.session(started.sessionId)).logs
}

describe('session-and-web 4.2: `<session:start>` | "`sessionid` | no | location expr | – | receives the new session\'s id"', () => {
  const child = `<scxml ${root} initial="c"><state id="c"><transition event="hello" target="over"/></state><final id="over"/></scxml>`
  const starting = (
    attributes: string,
  ): string => `<scxml ${root} initial="s"><datamodel><data id="kid"/><data id="req"/></datamodel>
    <state id="s">
      <onentry><session:start ${attributes} sessionid="_data.kid" requestid="_data.req"/><log expr="_data.kid.length + ' ' + (_data.kid !== _data.req)"/></onentry>
      <transition event="session.start.done"><log expr="_event.data.sessionid === _data.kid &amp;&amp; _event.data.requestid === _data.req"/><send target="_data.kid" event="'hello'"/></transition>
      <transition event="done.start"><log expr="_event.name === 'done.start.' + _data.kid"/></transition>
      <transition event="error"><log expr="_event.name + ' ' + (_event.data.sessionid === _data.kid)"/></transition>
    </state></scxml>`

  it('before it starts, and the session that starts has it', async () => {
    await using own = await world({ 'main.scxml': starting(`src="'child.scxml'"`), 'child.scxml': child })

    expect(await logsOf(own)).toEqual(['32 true', 'true', 'true'])
  })

  it('of a later start, too', async () => {
    const later = starting(`src="'child.scxml'" idealtime="Date.now() + 10000"`)
    const withoutHello = later.replace(
      `<send target="_data.kid" event="'hello'"/>`,
      `<send target="_data.kid" event="'hello'" delay="'20s'"/>`,
    )
    await using own = await world({ 'main.scxml': withoutHello, 'child.scxml': child })

    expect(await logsOf(own)).toEqual(['32 true', 'true', 'true'])
  })

  it('"`error.session.start` | `sessionid` (the session that should have started)"', async () => {
    await using own = await world({ 'main.scxml': starting(`src="'none.scxml'"`) })

    expect(await logsOf(own)).toEqual(['32 true', 'error.session.start true'])
  })

  it('two starts by one message id are two sessions', async () => {
    const main = `<scxml ${root} initial="s"><datamodel><data id="ids" expr="[]"/></datamodel><state id="s">
      <onentry><send type="'fm'" target="'http://www.genesyslab.com/modules/session'" event="'start'" id="same"><param name="src" expr="'child.scxml'"/></send>
        <send type="'fm'" target="'http://www.genesyslab.com/modules/session'" event="'start'" id="same"><param name="src" expr="'child.scxml'"/></send></onentry>
      <transition event="session.start.done"><script>_data.ids.push(_event.data.sessionid)</script>
        <if cond="_data.ids.length === 2"><log expr="_data.ids[0] !== _data.ids[1]"/></if></transition></state></scxml>`
    await using own = await world({ 'main.scxml': main, 'child.scxml': child })

    expect(await logsOf(own)).toEqual(['true'])
  })
})

describe('session-and-web 4.1: `<session:fetch>`', () => {
  it('"`namelist` | NMTOKENS (data locations) | space-separated variables | sent as parameters, name = variable name"', async () => {
    const main = `<scxml ${root} initial="s"><datamodel><data id="colour" expr="'red'"/><data id="list" expr="[1, 2]"/></datamodel>
      <state id="s"><onentry><script>var free = 7</script>
        <session:fetch srcexpr="'http://shop.example/a'" namelist="colour free  _data.list"><param name="last" expr="true"/></session:fetch>
        <session:fetch srcexpr="'http://shop.example/b'" method="'post'" enctype="'application/json'" namelist="free _data.list"/></onentry>
        <transition event="session.fetch.done"><log expr="_event.data.content"/></transition></state></scxml>`
    await using own = await world({ 'main.scxml': main })
    own.http.on('*', 'http://shop.example/', { body: '{}' })

    expect(await logsOf(own)).toEqual(['{}', '{}'])

    const [get, post] = own.http.requests
    expect([...new URL(get?.url ?? '').searchParams]).toEqual([
      ['colour', 'red'],
      ['free', '7'],
      ['_data.list', '[1,2]'],
      ['last', 'true'],
    ])
    expect(JSON.parse(post?.body ?? '')).toEqual({ free: 7, '_data.list': [1, 2] })
  })

  it('a name that is not there is an error of its value, and nothing is sent', async () => {
    const main = `<scxml ${root} initial="s"><state id="s"><onentry><session:fetch srcexpr="'http://shop.example/a'" namelist="nowhere"/></onentry>
      <transition event="error"><log expr="_event.name"/></transition></state></scxml>`
    await using own = await world({ 'main.scxml': main })

    expect(await logsOf(own)).toEqual(['error.illegalvalue.ReferenceError'])
    expect(own.http.requests).toEqual([])
  })

  it.each(['esp', 'urs', 'URS'])(
    '"`error.session.fetch` | `requestid`; `error`; `description`": method %s has no peer and is refused at once',
    async (method) => {
      const main = `<scxml ${root} initial="s"><datamodel><data id="req"/></datamodel><state id="s">
        <onentry><session:fetch requestid="_data.req" srcexpr="'urs/call/1'" method="'${method}'"/></onentry>
        <transition event="error.session.fetch"><log expr="(_event.data.requestid === _data.req) + ' ' + _event.data.error + ' ' + typeof _event.data.description"/></transition></state></scxml>`
      await using own = await world({ 'main.scxml': main })

      expect(await logsOf(own)).toEqual(['true unsupported string'])
    },
  )
})

describe('scxml-dialect 9: standard events', () => {
  const kid = (name: string, body: string): string => `<scxml ${root} name="${name}" initial="k">${body}</scxml>`
  const told = `<log expr="_event.name + ' ' + JSON.stringify(_event.data.params) + ' ' + _event.data.reason + ' ' + _event.data.sessionid.length"/>`

  it('"`done.scxml.<name>` | `sessionid`, `reason`, `params`": for those who wait for the end, after the event of their own', async () => {
    const main = `<scxml ${root} initial="s"><state id="s">
      <onentry><session:start src="'started.scxml'"/></onentry><invoke id="i" src="invoked.scxml"/>
      <transition event="done.invoke done.scxml done.start">${told}</transition></state></scxml>`
    const final = `<final id="k"><donedata><param name="n" expr="1"/></donedata></final>`
    await using own = await world({
      'main.scxml': main,
      'invoked.scxml': kid('Billing', final),
      'started.scxml': kid('Wake.Up', final),
    })

    const logs = (await logsOf(own)).map((line) => line.replace(/start\.\w{32}/, 'start.ID'))

    expect(logs.filter((line) => /invoke|Billing/.test(line))).toEqual([
      'done.invoke.i {"n":1} final 32',
      'done.scxml.Billing {"n":1} final 32',
    ])
    expect(logs.filter((line) => /start|Wake/.test(line))).toEqual([
      'done.start.ID {"n":1} final 32',
      'done.scxml.Wake.Up {"n":1} final 32',
    ])
  })

  it('`done.scxml` says the reason of an end that is no final state; an invocation that is cancelled says nothing', async () => {
    const main = `<scxml ${root} initial="s"><datamodel><data id="kid"/></datamodel><state id="s">
      <onentry><session:start src="'kid.scxml'" sessionid="_data.kid"/></onentry>
      <transition event="session.start.done"><session:terminate sessionid="_data.kid"/></transition>
      <transition event="done.scxml" target="t"><log expr="_event.name + ' ' + _event.data.reason"/></transition></state>
      <state id="t"><invoke src="kid.scxml"/><transition event="go" target="u"/><onentry><send event="'go'" delay="'1s'"/></onentry></state>
      <state id="u"><transition event="done"><log expr="'told ' + _event.name"/></transition></state></scxml>`
    await using own = await world({ 'main.scxml': main, 'kid.scxml': kid('Kid', '<state id="k"/>') })

    const logs = await logsOf(own)

    expect(logs[0]).toBe('done.scxml.Kid terminated')
    expect(logs.slice(1).filter((line) => line.includes('done.scxml'))).toEqual([])
  })

  it.each([
    ['http://127.0.0.1:2/none.scxml', 'error.badfetch.http.refused'],
    ['http://elsewhere.example/none.scxml', 'error.badfetch.http.denied'],
    ['none.scxml', 'error.badfetch.file.notfound'],
    ['gopher://old.example/none.scxml', 'error.badfetch.gopher.invalid'],
    ['includes.scxml', 'error.badfetch.file.notfound'],
    ['broken.scxml', 'error.communication'],
  ])('"`error.badfetch.<protocol>.<code>` | `target`": an invoked document at %s is %s', async (src, name) => {
    const main = `<scxml ${root} initial="s"><state id="s"><invoke id="i" src="${src}"/>
      <transition event="error"><log expr="_event.name"/><log expr="_event.data.target + ' ' + _event.invokeid"/></transition></state></scxml>`
    const includes = `<scxml ${root} xmlns:xi="http://www.w3.org/2001/XInclude" initial="k"><state id="k"><xi:include href="none.scxml" parse="xml" xpointer="x" resolveid="p"/></state></scxml>`
    await using own = await world({ 'main.scxml': main, 'includes.scxml': includes, 'broken.scxml': '<scxml' })

    const logs = await logsOf(own)

    expect(logs[0]).toBe(name)
    const target = src.includes(':') ? src : new URL('none.scxml', own.baseUrl).href
    expect(logs[1]).toBe(name === 'error.communication' ? 'undefined i' : `${target} i`)
  })

  it('"`error.send.datamismatch`": data that a form cannot hold are not sent', async () => {
    const main = `<scxml ${root} initial="s"><datamodel><data id="ring" expr="({})"/></datamodel><state id="s">
      <onentry><script>_data.ring.self = _data.ring</script>
        <send id="now" type="'basichttp'" target="'http://shop.example/'" event="'e'"><param name="x" expr="_data.ring"/></send></onentry>
      <transition event="error.send.datamismatch" cond="_event.data.sendid === 'now'"><log expr="_event.name + ' ' + _event.data.target"/>
        <send id="later" delay="'1s'" type="'basichttp'" target="'http://shop.example/'" event="'e'"><param name="x" expr="_data.ring"/></send></transition>
      <transition event="error"><log expr="_event.name + ' ' + _event.data.sendid"/></transition></state></scxml>`
    await using own = await world({ 'main.scxml': main })

    expect(await logsOf(own)).toEqual(['error.send.datamismatch http://shop.example/', 'error.send.datamismatch later'])
  })

  it('"`error.send.datamismatch`": content for an action of a module that takes parameters only', async () => {
    const target = 'http://www.genesyslab.com/modules/session'
    const main = `<scxml ${root} initial="s"><state id="s">
      <onentry><send id="m" type="'fm'" target="'${target}'" event="'terminate'"><content _expr="'text'"/></send></onentry>
      <transition event="error"><log expr="_event.name + ' ' + _event.data.sendid + ' ' + _event.data.target"/></transition></state></scxml>`
    await using own = await world({ 'main.scxml': main })

    expect(await logsOf(own)).toEqual([`error.send.datamismatch m ${target}`])
  })
})
