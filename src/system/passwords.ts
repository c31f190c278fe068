import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

// Enough for the password of a short-lived lobby: 4 MB and a few milliseconds, off the main thread.
const COST = { N: 4_096, r: 8, p: 1 }
const BYTES = 32
const derive = promisify<string, Buffer, number, object, Buffer>(scrypt)

/** Hashes a password with a salt (scrypt, RFC 7914). Resolves to `salt.hash`, both in base64url. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  return `${salt.toString('base64url')}.${(await hash(password, salt)).toString('base64url')}`
}

/** Checks a password against a hash from `hashPassword`, in constant time. */
export async function verifyPassword(hashed: string, password: string): Promise<boolean> {
  const [salt = '', expected = ''] = hashed.split('.').map((part) => Buffer.from(part, 'base64url'))
  return timingSafeEqual(await hash(password, Buffer.from(salt)), Buffer.from(expected))
}

const hash = (password: string, salt: Buffer): Promise<Buffer> => derive(password.normalize('NFKC'), salt, BYTES, COST)
