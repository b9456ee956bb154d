/**
 * SHA-256 of a text in lower-case hexadecimal, for naming application versions. Written out because this package runs
 * where neither `node:crypto` nor a synchronous `crypto.subtle` exists.
 *
 * Cost: O(text). Spec: FIPS 180-4.
 */
export function sha256(text: string): string {
  const message = padded(new TextEncoder().encode(text))
  const view = new DataView(message.buffer)
  const hash = [...initialHash]
  const words = new Int32Array(64)
  for (let offset = 0; offset < message.length; offset += 64) {
    for (let i = 0; i < 16; i += 1) words[i] = view.getInt32(offset + i * 4)
    for (let i = 16; i < 64; i += 1) words[i] = extended(words, i)
    compress(hash, words)
  }
  return hash.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('')
}

/** First 32 bits of the fractional part of a root of a prime, as the standard derives its constants. */
function fraction(value: number): number {
  return ((value - Math.floor(value)) * 0x1_0000_0000) | 0
}

const primes = firstPrimes(64)
const initialHash = primes.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)))
const roundConstants = primes.map((prime) => fraction(Math.cbrt(prime)))

function firstPrimes(count: number): readonly number[] {
  const found: number[] = []
  for (let n = 2; found.length < count; n += 1) if (found.every((prime) => n % prime !== 0)) found.push(n)
  return found
}

function padded(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const length = ((bytes.length + 8) >> 6) * 64 + 64
  const message = new Uint8Array(length)
  message.set(bytes)
  message[bytes.length] = 0x80
  const view = new DataView(message.buffer)
  view.setUint32(length - 8, Math.floor(bytes.length / 0x2000_0000))
  view.setUint32(length - 4, (bytes.length << 3) >>> 0)
  return message
}

function extended(words: Int32Array, i: number): number {
  const a = words[i - 15] ?? 0
  const b = words[i - 2] ?? 0
  const s0 = rotate(a, 7) ^ rotate(a, 18) ^ (a >>> 3)
  const s1 = rotate(b, 17) ^ rotate(b, 19) ^ (b >>> 10)
  return ((words[i - 16] ?? 0) + s0 + (words[i - 7] ?? 0) + s1) | 0
}

function compress(hash: number[], words: Int32Array): void {
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = hash
  for (let i = 0; i < 64; i += 1) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (roundConstants[i] ?? 0) + (words[i] ?? 0)) | 0
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
    h = g
    g = f
    f = e
    e = (d + t1) | 0
    d = c
    c = b
    b = a
    a = (t1 + t2) | 0
  }
  const round = [a, b, c, d, e, f, g, h]
  for (let i = 0; i < 8; i += 1) hash[i] = ((hash[i] ?? 0) + (round[i] ?? 0)) | 0
}

function rotate(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by))
}
