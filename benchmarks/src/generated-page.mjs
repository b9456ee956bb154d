// A document as large as generated pages are: 100 KB of states with guards, assignments, scripts and logs.

const wantedBytes = 100_000

/** @returns {{ url: string, text: string, machine: string }} */
export function generatedPage() {
  const parts = []
  let size = 0
  for (let index = 0; size < wantedBytes; index += 1) {
    const part = stateOf(index)
    parts.push(part)
    size += part.length
  }
  const text = `<?xml version="1.0" encoding="UTF-8"?>
<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" datamodel="ecmascript" name="page" initial="s0">
  <datamodel>
    <data id="visits" expr="0"/>
    <data id="user" expr="{ name: '', digits: '', isKnown: false }"/>
  </datamodel>
${parts.join('')}  <state id="s${parts.length}"/>
</scxml>
`
  return { url: 'bench:generated', text, machine: 'generated' }
}

function stateOf(index) {
  return `  <state id="s${index}">
    <onentry>
      <log label="'enter'" expr="'state ${index} of ' + user.name"/>
      <assign location="visits" expr="visits + 1"/>
      <script>
        var answer${index} = user.digits.length &gt; 3 ? user.digits.substring(0, 3) : user.digits;
        if (answer${index} === '${index}') { user.isKnown = true; }
      </script>
    </onentry>
    <transition event="step.done" cond="_event.data !== undefined &amp;&amp; _event.data.code === ${index}" target="s${index + 1}">
      <assign location="user.digits" expr="user.digits + '${index % 10}'"/>
    </transition>
    <transition event="step.failed" target="s${Math.max(0, index - 1)}"/>
  </state>
`
}
