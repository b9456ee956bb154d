import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { play } from '../step/support.ts'

const page = readFileSync(join(import.meta.dirname, '../../../../docs/reference/scripts.md'), 'utf8')

/** Examples of the page with the heading they stand under. */
const examples = page.split('\n## ').flatMap((section) => {
  const title = section.slice(0, section.indexOf('\n'))
  return [...section.matchAll(/```js\n([\s\S]*?)```/g)].map(([, text = '']) => ({ title, text }))
})

describe('docs/reference/scripts.md', () => {
  it('has an example for most of what it promises', () => {
    expect(examples.length).toBeGreaterThanOrEqual(8)
  })

  it.each(examples)('the example under "$title" logs what it says', async ({ text }) => {
    const lines = text.trimEnd().split('\n')
    const expected = lines.filter((line) => line.startsWith('// => ')).map((line) => line.slice(6))
    const code = lines.filter((line) => !line.startsWith('// => ')).join('\n')

    const session = await play(
      `<datamodel><data id="system"/></datamodel><script><![CDATA[\n${code}\n]]></script>
       <state id="a"><transition event="error"><log expr="_event.name + ': ' + _event.data.message"/></transition></state>`,
      { dialect: 'orchestration' },
    )

    expect(expected.length).toBeGreaterThan(0)
    expect(session.logs).toEqual(expected)
  })
})
