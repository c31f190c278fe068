import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

const digest = (text: string) => createHash('sha256').update(text).digest()

/** Compares digests, so that neither length nor content shows in the time it takes. */
export const isSameSecret = (given: string, expected: string): boolean =>
  timingSafeEqual(digest(given), digest(expected))

/** What stands for a text on record; the text cannot be found from it without the secret. */
export const digestOf = (text: string, secret: string): string =>
  createHmac('sha256', secret).update(text).digest('base64url')
