import { positionAt } from '@segue/scxml'
import type { ScenarioResult } from '../scenario/run-scenario.ts'
import { storyText } from '../scenario/story-text.ts'

/** A result as programs read it. JSON-able. */
export function jsonResult({
  durationMs,
  failure,
  outcome,
  scenario,
  virtualMs,
}: ScenarioResult): Readonly<Record<string, unknown>> {
  const { file, name, place, skip, tags } = scenario
  return {
    file,
    line: positionAt(place.source, place.start).line,
    name,
    outcome,
    durationMs,
    virtualMs,
    ...(tags.length > 0 && { tags }),
    ...(skip !== undefined && { skip }),
    ...(failure !== undefined && {
      failure: {
        code: failure.code,
        message: failure.message,
        hint: failure.hint,
        ...positionAt(failure.place.source, failure.place.start),
        differences: failure.differences,
        story: storyText(failure.story),
      },
    }),
  }
}
