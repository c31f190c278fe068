import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

// Made for the password of a lobby, which lives for an evening: 4 MB and some milliseconds, off the main thread.
const COST = { N: 4_096, r: 8, p: 1 }
const BYTES = 32
const derive = promisify<string, Buffer, number, object, Buffer>(scrypt)

/** The password as a salted hash (scrypt, RFC 7914): `salt.hash`, both in base64url. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  return `${salt.toString('base64url')}.${(await hash(password, salt)).toString('base64url')}`
}

/** Whether it is the password of that seal; the time it takes does not depend on how much of it is right. */
export async function verifyPassword(sealed: string, password: string): Promise<boolean> {
  const [salt = '', expected = ''] = sealed.split('.').map((part) => Buffer.from(part, 'base64url'))
  return timingSafeEqual(await hash(password, Buffer.from(salt)), Buffer.from(expected))
}

const hash = (password: string, salt: Buffer): Promise<Buffer> => derive(password.normalize('NFKC'), salt, BYTES, COST)
