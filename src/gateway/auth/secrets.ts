import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

const digest = (text: string) => createHash('sha256').update(text).digest()

/** Compares in time that depends on neither length nor content. */
export const isSameSecret = (given: string, expected: string): boolean =>
  timingSafeEqual(digest(given), digest(expected))

/** A keyed digest to store in place of the text: without the secret, guesses cannot be checked against it. */
export const digestOf = (text: string, secret: string): string =>
  createHmac('sha256', secret).update(text).digest('base64url')
