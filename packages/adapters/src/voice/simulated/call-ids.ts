import { hash32 } from './random.ts'

/** Letters and digits derived from a text; the same text gives the same id. */
export function idText(text: string, length: number): string {
  let id = ''
  for (let i = 0; id.length < length; i += 1) id += hash32(`${text} ${i}`).toString(36).toUpperCase()
  return id.slice(0, length)
}

/** Hexadecimal digits derived from a text. */
export function idHex(text: string, length: number): string {
  let id = ''
  for (let i = 0; id.length < length; i += 1) id += hash32(`${text} ${i}`).toString(16).padStart(8, '0')
  return id.slice(0, length)
}
