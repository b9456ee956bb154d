/**
 * Frames on the pipes between the front and a shard process: length, kind, text in UTF-8, bytes. Bytes cross as they
 * are; the text says how many there are of each.
 */
export interface Frame {
  readonly kind: number
  readonly text: string
  /** A window on the chunk: whoever keeps some of it copies. */
  readonly bytes: Uint8Array
}

const HEAD_BYTES = 9
/** A longer frame is a defect, not a message. */
const MAX_FRAME_BYTES = 1_073_741_824

/** The bytes of a frame. Layout: u32 bytes after this field, u8 kind, u32 bytes of text, text, bytes. */
export function encodeFrame(kind: number, text: string, parts: readonly Uint8Array[] = []): Buffer {
  const textBytes = Buffer.byteLength(text)
  let size = HEAD_BYTES + textBytes
  for (const part of parts) size += part.length
  const frame = Buffer.allocUnsafe(size)
  frame.writeUInt32LE(size - 4, 0)
  frame.writeUInt8(kind, 4)
  frame.writeUInt32LE(textBytes, 5)
  frame.write(text, HEAD_BYTES)
  let at = HEAD_BYTES + textBytes
  for (const part of parts) {
    frame.set(part, at)
    at += part.length
  }
  return frame
}

/**
 * Puts the chunks of a pipe together to frames.
 *
 * Errors: throws when what comes cannot be a frame.
 */
export class FrameReader {
  #chunks: Buffer[] = []
  #size = 0

  /** The frames that a chunk completes, in order. */
  read(chunk: Buffer): readonly Frame[] {
    this.#chunks.push(chunk)
    this.#size += chunk.length
    const frames: Frame[] = []
    for (;;) {
      const wanted = this.#size < HEAD_BYTES ? HEAD_BYTES : this.#frameBytes()
      if (this.#size < wanted) return frames
      frames.push(this.#take(wanted))
    }
  }

  #frameBytes(): number {
    const head = this.#whole(HEAD_BYTES)
    const size = head.readUInt32LE(0) + 4
    if (size < HEAD_BYTES || size > MAX_FRAME_BYTES) throw new Error(`a frame of ${size} bytes cannot be`)
    return size
  }

  /** First chunk, made long enough. Cost: copies once for a frame that came in pieces. */
  #whole(size: number): Buffer {
    const [first] = this.#chunks
    if (first !== undefined && first.length >= size) return first
    const joined = Buffer.concat(this.#chunks)
    this.#chunks = [joined]
    return joined
  }

  #take(size: number): Frame {
    const whole = this.#whole(size)
    const textBytes = whole.readUInt32LE(5)
    const textEnd = HEAD_BYTES + textBytes
    if (textEnd > size) throw new Error('the text of a frame is longer than the frame')
    const kind = whole.readUInt8(4)
    const text = whole.toString('utf8', HEAD_BYTES, textEnd)
    const bytes = whole.subarray(textEnd, size)
    if (whole.length === size) this.#chunks.shift()
    else this.#chunks[0] = whole.subarray(size)
    this.#size -= size
    return { kind, text, bytes }
  }
}
