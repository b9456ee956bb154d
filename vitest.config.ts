import { defineConfig } from 'vitest/config'

export default defineConfig({
  // Tests run sources, not `dist/`.
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'examples/*/test/**/*.test.ts', 'conformance/**/*.test.ts'],
    // Tests of the program as a process run `dist/`.
    globalSetup: 'packages/cli/test/build.setup.ts',
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 20_000,
  },
})
