// The server's limit of a packet, less the names of namespace and event, and the ack's number.
const MAX_BYTES = 16_384 - 128

/** Whether the server would refuse this as `TOO_LARGE`. */
export function isTooLarge(data: unknown): boolean {
  if (data instanceof ArrayBuffer || ArrayBuffer.isView(data)) return data.byteLength > MAX_BYTES
  const text = JSON.stringify(data) ?? ''
  if (text.length > MAX_BYTES) return true
  // A character takes at most three bytes of UTF-8.
  return text.length * 3 > MAX_BYTES && new TextEncoder().encode(text).length > MAX_BYTES
}
