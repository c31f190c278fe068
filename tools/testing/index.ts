export type { Hidden } from './secrets.ts'
export { RulesFailure, type TestRulesOptions, type TestRulesReport, testRules } from './test-rules.ts'
