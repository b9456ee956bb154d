import { it } from 'vitest'
import { realms, script, ScriptWorld, failureOf } from '../script/script-world.ts'
const texts = [
 'while(true);',
 'var i=0; while(true) i++',
 '(function(){ var i=0, o={a:1}; while(true) { i++; o.a = i % 7 } })()',
 'function f(x) { return x + 1 } var i = 0; while(true) i = f(i)',
 'var s; while(true) { s = "a" + 1; s = s.toUpperCase() }',
 'var a=[]; for(;;) { a.push({n: 1}); if (a.length > 1000) a = [] }',
 'for(;;) try { null.x } catch (e) {}',
 'for(;;) try { throw 1 } catch (e) {}',
 'for(;;) try { f() } catch (e) {} function f() { throw new Error("x") }',
 'for(;;) try { r() } catch (e) {} function r() { r() }',
 'var f; for(;;) { f = new Error("x") }',
 'for(;;) try { nix } catch (e) { e.stack }',
]
for (const [name, make] of realms) for (const t of texts) it(name + t, () => {
  const w = new ScriptWorld(make(), [script(t)], { fuelPerEnter: 2_000_000 })
  const s = performance.now()
  failureOf(() => w.program.run(0))
  console.log('MEAS', name, t, ((performance.now() - s) * 25 / 1000).toFixed(2), 's for 50M')
}, 200000)
