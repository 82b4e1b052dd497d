// Prints the counts of the last test run, as its runner reported them: "N passed, N failed".
import { readFileSync } from 'node:fs'

const report = JSON.parse(readFileSync('node_modules/.tests/report.json', 'utf8'))
const { numPassedTests, numFailedTests, numPendingTests, numTotalTests, success } = report
const skipped = numPendingTests > 0 ? `, ${numPendingTests} skipped` : ''
// A file that could not even be loaded has no test that failed.
const broken =
  report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length
console.log(`${numPassedTests} passed, ${numFailedTests + broken} failed${skipped}`)
process.exit(success && numTotalTests > 0 ? 0 : 1)
