import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { startWorld, type World } from '../support/world.ts'

async function connects(world: World, origin: string | undefined): Promise<boolean> {
  const url = `${world.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`
  const socket = new WebSocket(url, origin === undefined ? {} : { headers: { origin } })
  return new Promise((resolve) => {
    socket.once('open', () => {
      socket.close()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

test('[DR8] pages of the server and of listed origins may connect, others may not', async () => {
  const world = await startWorld({ env: { ALLOWED_ORIGINS: 'https://game.example, https://www.game.example' } })
  const own = world.url
  for (const origin of [undefined, own, 'https://game.example', 'https://www.game.example']) {
    expect(await connects(world, origin), String(origin)).toBe(true)
  }
  const foreign = [
    'https://evil.example',
    'null',
    '',
    'https://game.example.evil.example',
    'https://evilgame.example',
    `${own}.evil.example`,
    'http://game.example',
    'no origin at all',
  ]
  for (const origin of foreign) expect(await connects(world, origin), origin).toBe(false)
})
