#!/usr/bin/env node
// The entry of the command `muster`. An older Node cannot even load the rest.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

if (major > 22 || (major === 22 && minor >= 18)) await import('./commands.ts')
else {
  console.error(`Muster needs Node 22.18 or newer; this is Node ${process.versions.node} at ${process.execPath}.`)
  process.exitCode = 1
}
