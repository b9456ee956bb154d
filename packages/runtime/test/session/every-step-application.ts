import { documents, page } from './documents.ts'
import type { Documents } from './documents.ts'

export const everyStepUrl = 'file:///app/every-step.scxml'

/**
 * An application that keeps what is hard to keep: objects shared between data and variables, events found by identity,
 * instances with methods, dates, maps, match results, accessors, functions that count. Each event logs what all of it
 * says.
 */
export const everyStepApplication: Documents = documents({
  [everyStepUrl]: page(`
  <datamodel><data id="system" expr="new Object()"/><data id="orders"/><data id="unused"/></datamodel>
  <script><![CDATA[
    var system = new Object();
    var events = [];
    var first, last, match, began;
    var visits = new Map();
    var marks = new Set();
    function Order(id) { this.id = id; this.lines = [] }
    Order.prototype.add = function (line) { this.lines.push(line); return this };
    Order.prototype.total = function () { var sum = 0; for (var i = 0; i < this.lines.length; i++) sum += this.lines[i].n; return sum };
    function Queue() {
      var waiting = [];
      this.enter = function (who) { waiting.push(who); return waiting.length };
      this.next = function () { return waiting.shift() };
      this.size = () => waiting.length + ':' + (this instanceof Queue)
    }
    function counterFrom(n, step) {
      function bump() { n += step }
      return { up: function () { bump(); return n }, now: function () { return n }, get twice() { return n * 2 } }
    }
    var counter = counterFrom(10, 3);
    var up = counter.up;
    var queue = new Queue();
    var handlers = [];
    for (let i = 0; i < 3; i++) { handlers.push(function (x) { i += x; return i }) }
    var account = {};
    (function () {
      var balance = 100, history = [];
      Object.defineProperty(account, 'balance', {
        get: function () { return balance }, set: function (v) { history.push(balance); balance = v }, enumerable: true
      });
      account.history = history;
    })();
    function place(event) { for (var i = 0; i < events.length; i++) if (events[i] === event) return i; return -1 }
    function keep(event) {
      events.push(event); last = event;
      if (first === undefined) { first = event; began = new Date() }
      visits.set(event, (visits.get(event) || 0) + 1);
      marks.add(event.name);
      match = /(\\d+)-(\\w+)/.exec('order ' + events.length + '-' + event.name);
      _data.system.context.seen = events.length;
      if (_data.orders === undefined) _data.orders = [];
      _data.orders.push(new Order(events.length).add({ n: events.length }).add(event.data));
      queue.enter(event);
      account.balance = account.balance - events.length;
      var own = events.length;
      handlers.push(function (x) { own += x + handlers.length; return own });
    }
    function told() {
      var order = _data.orders[0];
      return [
        _data.system.context === system, system.seen, place(first), place(last), events.indexOf(last),
        order instanceof Order, order.total(), _data.orders.length, order.lines[1] === first.data,
        new Date() - began, began instanceof Date, visits.get(first), visits.size, marks.size, marks.has(last.name),
        match[1], match[2], match.index, match.input,
        up(), counter.now(), counter.twice, queue.size(),
        handlers[0](1), handlers[2](2), handlers[handlers.length - 1](3), handlers.length,
        account.balance, account.history.join('+'), JSON.stringify(Object.keys(account))
      ].join()
    }
  ]]></script>
  <state id="a">
    <onentry><script>_data.system.context = system; system.self = _data.system;</script></onentry>
    <transition event="add"><script>keep(_event);</script><log expr="told()"/></transition>
    <transition event="serve" cond="queue.next() === first" target="b"><log expr="'served ' + told()"/></transition>
    <transition event="arm"><send event="'add'" delay="'10s'"/></transition>
  </state>
  <state id="b">
    <transition event="add"><script>keep(_event);</script><log expr="told()"/></transition>
    <transition event="end" target="z"/>
  </state>
  <final id="z"><onentry><log expr="told()"/></onentry></final>`),
})

/** What happens to it, in order. */
export const everyStepEvents: readonly string[] = ['add', 'add', 'arm', 'add', 'serve', 'add', 'add', 'end']
