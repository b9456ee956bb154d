import { createRequire } from 'node:module'

/**
 * The function that a module gives for named points of a store's work; without a module one that does nothing. A worker
 * thread loads the same module, which is why it is a CommonJS file and not a function.
 */
export function pointFunction(pointModule: string | undefined): (name: string) => void {
  if (pointModule === undefined) return () => undefined
  const loaded: unknown = createRequire(import.meta.url)(pointModule)
  if (typeof loaded === 'object' && loaded !== null && 'onPoint' in loaded && typeof loaded.onPoint === 'function') {
    const { onPoint } = loaded
    return (name) => void onPoint(name)
  }
  throw new Error(`module "${pointModule}" exports no function "onPoint"`)
}
