import { type ErrorCode, errors } from '../../src/protocol/errors.ts'

/** `docs/errors.md`, made from the catalogue. */
export function errorsPage(): string {
  const rows = (Object.keys(errors) as ErrorCode[]).map((code) => {
    const { message, retryable } = errors[code]
    return `| \`${code}\` | ${message} | ${retryable ? 'yes' : 'no'} |`
  })
  return `# Refusals

Made by \`npm run docs\` from \`src/protocol/errors.ts\`. A refusal is
\`{ok: false, error: {code, message, retryable, retryAfterMs?}}\`. The code is for your program; the message tells a
person what to do next, sometimes with a detail in brackets. *Again* says whether the same request may succeed later.
Codes that no event of [protocol.md](protocol.md) names yet belong to parts of the contract that are still to come.

| code | message | again |
| --- | --- | --- |
${rows.join('\n')}
`
}
