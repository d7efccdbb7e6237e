// Runs the suite against the server at the address given, and prints its tests and what became of each.
import fetch from 'node-fetch'
import { runTests, getResults } from 'http-cache-tests/client/runner.mjs'
import suites from 'http-cache-tests/tests/index.mjs'

const tests = suites.flatMap(suite => suite.tests)
  .filter(test => test.browser_only !== true)
  .map(test => ({
    id: test.id,
    suite: suites.find(suite => suite.tests.includes(test)).id,
    kind: test.kind || 'required',
    needs: test.depends_on || []
  }))

runTests(suites, fetch, false, process.argv[2])
  .then(() => console.log(JSON.stringify({ tests, results: getResults() })))
