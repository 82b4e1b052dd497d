import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * Where the long files are. They come first: a long one at the end would leave the others with nothing to do, and no
 * times of an earlier run are there in a fresh clone.
 */
const order = ['laws', 'browser', 'faults', 'database', 'attacks', 'functions', 'unit']
const long = ['two-worlds', 'upgrade-under-load', 'races', 'pages', 'components', 'resend']

const rank = ({ moduleId }: TestSpecification): number => {
  const [, folder = '', name = ''] = /([^/]+)\/([^/]+)\.test\.ts$/.exec(moduleId) ?? []
  return long.includes(name) ? long.indexOf(name) - long.length : order.indexOf(folder)
}

class LongestFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return Promise.resolve(files.toSorted((a, b) => rank(a) - rank(b)))
  }
}

export default defineConfig({
  test: {
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // More than processors: now and then each waits for the stack, for the CLI or for a browser.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
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
          include: ['attacks', 'browser', 'database', 'faults', 'functions', 'laws']
            .map((folder) => `tests/${folder}/**/*.test.ts`),
          globalSetup: ['tests/stack/setup.ts'],
          // Of a browser, or of a stack that is broken on purpose, a test is a story.
          testTimeout: 180_000,
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
    ],
  },
})
