import { type ExecFileException, execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { expect } from 'vitest'

/** The command `muster` of this repository. */
export const MUSTER = resolve('src/cli/muster.ts')

export interface Ran {
  code: number
  out: string
  err: string
}
/** Runs a program to its end. */
export function run(file: string, args: readonly string[], cwd: string): Promise<Ran> {
  return new Promise((done) => {
    execFile(file, args, { cwd, maxBuffer: 64 * 1024 * 1024 }, (fault: ExecFileException | null, out, err) =>
      done({ code: fault ? Number(fault.code ?? 1) : 0, out, err }),
    )
  })
}
/** Runs the command `muster` of this repository to its end. */
export const muster = (args: readonly string[], cwd: string): Promise<Ran> =>
  run(process.execPath, [MUSTER, ...args], cwd)

/** The output of a program that must succeed. */
export async function succeed(file: string, args: readonly string[], cwd: string): Promise<string> {
  const { code, out, err } = await run(file, args, cwd)
  expect(code, out + err).toBe(0)
  return out + err
}
