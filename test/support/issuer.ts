import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import { onTestFinished } from 'vitest'

export interface Issuer {
  url: string
  /** The number of requests for its keys. */
  asked: number
  /** Its answer; by default the keys made so far. */
  answer: (res: ServerResponse) => void
  keys: unknown[]
  /** Makes and publishes a key, and returns a function that signs with it. */
  newKey(kid?: string): Promise<Sign>
  sends(text: string): void
}
type Sign = (claims?: object, more?: { exp?: number | null; kid?: string }) => Promise<string>

/** A game's backend that publishes its keys on loopback. */
export async function startIssuer(): Promise<Issuer> {
  const server = createServer((_req, res) => {
    issuer.asked += 1
    issuer.answer(res)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const publish = (res: ServerResponse) => res.end(JSON.stringify({ keys: issuer.keys }))
  const issuer: Issuer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`,
    asked: 0,
    keys: [],
    answer: publish,
    sends(text) {
      issuer.answer = (res) => res.end(text)
    },
    async newKey(kid) {
      const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true })
      const jwk: JWK = { ...(await exportJWK(publicKey)), alg: 'RS256', ...(kid && { kid }) }
      issuer.keys.push(jwk)
      return (claims = {}, { exp = 4_000_000_000, kid: named = kid } = {}) => {
        const jwt = new SignJWT({ sub: 'ann', ...claims })
        if (exp !== null) jwt.setExpirationTime(exp)
        return jwt.setProtectedHeader({ alg: 'RS256', ...(named && { kid: named }) }).sign(privateKey)
      }
    },
  }
  return issuer
}
