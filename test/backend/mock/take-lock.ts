import { readSync, writeSync } from 'node:fs'
import { GenerationLock } from '../../../src/backend/mock/generation-lock.ts'

/*
 * Tries once to take the lock in a directory, says how that went, and ends without releasing it when its input does.
 * With `release` it releases it before it speaks.
 */

const [, , directory = '', release] = process.argv
const lock = new GenerationLock(directory)
const holder = lock.tryAcquire()
if (release === 'release') lock.release()
writeSync(1, `${JSON.stringify(holder)}\n`)
readSync(0, Buffer.alloc(1))
