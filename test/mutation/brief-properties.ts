import fc from 'fast-check'

/**
 * Milliseconds for each property: what a mutant breaks shows in the first of its thousands of inputs, or in the cases beside it. All
 * of them for each mutant would take a day.
 */
const PATIENCE = 150

fc.configureGlobal({ interruptAfterTimeLimit: PATIENCE, markInterruptAsFailure: false })
