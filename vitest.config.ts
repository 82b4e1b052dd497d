import { defineConfig } from 'vitest/config'

const needStack = ['attacks', 'database', 'functions', 'laws']

export default defineConfig({
  test: {
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // The stack is busy too; but with one worker on two cores both would wait for each other.
    maxWorkers: 2,
    // A process for each file would start as often and load as much again; what files share is meant to be shared.
    isolate: false,
    // Which Data API the stack of `tests/stack/setup.ts` has.
    provide: { dataApi: 'postgrest' },
    projects: [
      { extends: true, test: { name: 'unit', include: ['tests/unit/**/*.test.ts'] } },
      {
        extends: true,
        test: {
          name: 'stack',
          include: needStack.map((folder) => `tests/${folder}/**/*.test.ts`),
          globalSetup: ['tests/stack/setup.ts'],
        },
      },
      // Where npm has no PostgREST, lite's Data API must keep companies apart as well. What functions refuse before they
      // ask it is left out.
      {
        extends: true,
        test: {
          name: 'attacks on lite',
          include: ['tests/attacks/**/*.test.ts'],
          globalSetup: ['tests/stack/setup.ts'],
          exclude: ['tests/attacks/{envelope-answers,envelope-addresses,envelope-bodies,tokens-routes}.test.ts'],
          provide: { dataApi: 'lite' },
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['tests/browser/**/*.test.ts'],
          globalSetup: ['tests/stack/setup.ts', 'tests/browser/setup.ts'],
          testTimeout: 180_000,
        },
      },
      // Each of these starts stacks of its own and breaks them.
      { extends: true, test: { name: 'faults', include: ['tests/faults/**/*.test.ts'], testTimeout: 60_000 } },
    ],
  },
})
