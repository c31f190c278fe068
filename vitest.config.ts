import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    reporters: ['default', './test/support/reporter.ts'],
    // Two cores: more workers only wait for each other.
    maxWorkers: 2,
    // Patience follows the machine: no test asserts elapsed time, so a busy core must not fail one.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Lets a test collect garbage before it looks at the heap.
    execArgv: ['--expose-gc'],
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      exclude: ['src/main.ts', 'tools/bots/main.ts'],
      reportsDirectory: 'coverage',
    },
  },
})
