// Muster runs its TypeScript as it is, which Node 24 can. `npm ci` brings one along; this says so where it could not.
// Written for any Node, however old: no modern syntax in here.
var major = Number(process.versions.node.split('.')[0])
if (major < 24) {
  console.error(
    [
      'Muster needs Node 24 or newer; this is Node ' + process.versions.node + ' at ' + process.execPath + '.',
      'On Linux (x64, arm64) and Windows (x64), `npm ci` installs one beside the project: run it without --omit=optional.',
      'On other systems install Node 24 yourself, from nodejs.org or with a version manager, and try again.',
    ].join('\n'),
  )
  process.exit(1)
}
