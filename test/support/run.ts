import { type ExecFileException, execFile } from 'node:child_process'
import { expect } from 'vitest'

interface Ran {
  code: number
  printed: string
}
/** Runs a program to its end. */
export function run(file: string, args: readonly string[], cwd: string): Promise<Ran> {
  return new Promise((done) => {
    execFile(file, args, { cwd, maxBuffer: 64 * 1024 * 1024 }, (fault: ExecFileException | null, out, err) =>
      done({ code: fault ? Number(fault.code ?? 1) : 0, printed: `${out}${err}` }),
    )
  })
}
/** The output of a program that must succeed. */
export async function succeed(file: string, args: readonly string[], cwd: string): Promise<string> {
  const { code, printed } = await run(file, args, cwd)
  expect(code, printed).toBe(0)
  return printed
}
