import { commonRefusals, type NamespaceSpec, type PushSpec, type RequestSpec } from '../../src/protocol/declare.ts'
import { admin } from '../../src/protocol/events/admin.ts'
import { lobby } from '../../src/protocol/events/lobby.ts'
import { match, relay } from '../../src/protocol/events/match.ts'
import { matchState, outcome } from '../../src/protocol/match-view.ts'
import { argumentsOf, notationOf, shapes } from './notation.ts'

const codes = (list: readonly string[]) => list.map((code) => `\`${code}\``).join(' ')

/** `docs/protocol.md`, made from the tables of the wire contract. */
export const protocolPage = (): string => `# The wire

Made by \`npm run docs\` from the schemas in \`src/protocol/\`. Any Socket.IO v4 client can speak it.

- Path \`/socket.io\`, WebSocket only unless the server's \`transports\` says otherwise. One connection carries \`/lobby\` and \`/match\`.
- A configured title \`chess\` has a world of its own at \`/chess/lobby\`, \`/chess/match\` and \`/chess/admin\`, with the same events.
- \`/admin\` is for operators: \`auth.token\` is the admin token there. Without one on the server there is no such namespace.
- Handshake \`auth: { token?, name? }\`, the same for \`/lobby\` and \`/match\`. Refused: \`connect_error\` with \`data: {code, message}\`:
  ${codes(['UNAUTHENTICATED', 'TOKEN_EXPIRED', 'NAME_INVALID', 'DRAINING', 'UNAVAILABLE', 'INVALID_NAMESPACE'])}.
- Every request takes one object and an ack function. The reply is \`{ok: true, …}\` or a [refusal](errors.md). Without an
  ack function a refusal arrives as the event \`refused\`.
- Any request may be refused with ${codes(commonRefusals)}.
- Instants are integer epoch milliseconds of the server's clock and end in \`At\` or \`By\` (\`at\`, \`until\`); durations end in \`Ms\`. Ids are
  opaque strings. Unknown fields are refused.
- States of a match: ${codes(matchState.options)}. Outcomes: ${codes(outcome.options)}.

${namespaceSection(lobby)}
${namespaceSection(match)}
### The relay lane

#### \`${relay.event}\` (data, to?, ack?)

${relay.summary} A packet weighs at most 16 KiB.
Refusals: ${codes(relay.refusals)}.

${namespaceSection(admin)}
${shapesSection()}
`

// Last, since it holds what the sections above have named. Refusals have a page of their own.
const shapesSection = () =>
  [...shapes]
    .filter(([name]) => name !== 'ErrorCode')
    .sort(([a], [b]) => a.localeCompare(b))
    .reduce((text, [name, shape]) => `${text}\n- **${name}** \`${shape}\``, '## Shapes\n')

function namespaceSection({ name, requests, pushes }: NamespaceSpec): string {
  const asked = Object.entries(requests).map(([event, spec]) => requestSection(event, spec))
  const told = Object.entries(pushes).map(([event, spec]) => pushSection(event, spec))
  return `## \`${name}\`\n\n### Clients ask\n\n${asked.join('\n')}\n### The server tells\n\n${told.join('\n')}`
}

const requestSection = (event: string, { summary, payload, reply, refusals }: RequestSpec): string => `#### \`${event}\`

${summary}

- asks \`${notationOf(payload)}\`
- reply \`${notationOf(reply)}\`
- refusals ${codes(refusals) || 'none of its own'}
`

const pushSection = (event: string, { summary, args }: PushSpec): string => `#### \`${event}\`

${summary}

- \`(${argumentsOf(args)})\`
`
