import { readFileSync } from 'node:fs'
import { findPackageJSON } from 'node:module'
import { dirname, extname } from 'node:path'

const manifest = findPackageJSON('..', import.meta.url)
if (!manifest) throw new Error('the package.json of Muster is missing')

/** The root directory of this package: the repository, or the installed package. */
export const packageRoot: string = dirname(manifest)

/** Muster's version. */
export const version: string = JSON.parse(readFileSync(manifest, 'utf8')).version

/** The URL of a module of Muster, from source or compiled. `path` is relative to the module `from` and has no extension. */
export const moduleUrl = (path: string, from: string): URL => new URL(`${path}${extname(from)}`, from)
