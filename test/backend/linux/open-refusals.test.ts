import { describe, expect, it } from 'vitest'
import { E, errnoName } from '../../../src/abi/errno.ts'
import {
  CONTAINER_MEANINGS,
  groupMeanings,
} from '../../../src/backend/linux/open-group-meanings.ts'
import { stepFailed } from '../../../src/backend/linux/open-refusals.ts'

describe('stepFailed()', () => {
  it('has a name, a meaning and one line for every errno', () => {
    for (let errno = 1; errno < 134; errno++) {
      const { message, errno: name } = stepFailed('open "/dev/vfio/12"', errno)
      expect(message).toMatch(
        /^Cannot open "\/dev\/vfio\/12": (E[A-Z0-9]+|errno \d+), [a-z][^\n]+$/,
      )
      expect(name).toBe(errnoName(errno))
    }
  })

  it.each([
    [E.EBUSY, true, 6, 'EBUSY, another process has the group open'],
    [E.EPERM, true, 5, 'EPERM, this process may not use it'],
    [E.EPERM, false, 5, 'EPERM, it takes CAP_SYS_RAWIO, since nothing isolates the device'],
    [E.EACCES, true, 5, 'EACCES, this user may not use it'],
    [E.ENODEV, true, 3, 'ENODEV, its device is gone'],
  ])('explains errno %i of opening a group', (errno, hasIommu, exitCode, why) => {
    const meanings = groupMeanings('0000:81:00.0', hasIommu)
    const error = stepFailed('open "/dev/vfio/12"', errno, meanings)
    const message = `Cannot open "/dev/vfio/12": ${why}`
    expect({ exitCode: error.exitCode, message: error.message }).toEqual({ exitCode, message })
  })

  it('takes a container node without a driver for a module that is not loaded', () => {
    for (const errno of [E.ENOENT, E.ENODEV, E.ENXIO]) {
      const { message } = stepFailed('open "/dev/vfio/vfio"', errno, CONTAINER_MEANINGS)
      expect(message).toMatch(/, the vfio module is not loaded$/)
    }
  })
})
