import { describe, expect, it } from 'vitest'
import { E } from '../../../src/abi/errno.ts'
import { pciTphV8 } from '../../../src/tph/interfaces/pci-tph-v8.ts'
import { TphSt } from '../../../src/tph/interfaces/tph-st.ts'

const ANOTHER_INDEX = 'if this kernel has it under another index, name that with --feature-index'
const LOOK = 'without --abi the interface that the kernel has is looked for'

describe.each([
  ['TPH_ST as feature 17', new TphSt(17), ANOTHER_INDEX],
  ['VFIO_DEVICE_PCI_TPH', pciTphV8, LOOK],
] as const)('the refusal of %s', (title, kernel, hint) => {
  const because = (reason: string, errno: number | null) => kernel.refused({ reason, errno })

  it('names the interface, and where it could be', () => {
    const [code, errno] = ['unsupported', undefined]
    const message = `Cannot use ${title}: it is not there`
    expect(kernel.title).toBe(title)
    expect(kernel.refused(null)).toMatchObject({ code, message, hint, errno })
    const reason = `Cannot use ${title}: a tag above 0xffff`
    expect(because('a tag above 0xffff', null)).toMatchObject({
      code,
      message: reason,
      hint,
      errno,
    })
  })

  it.each([
    ['ENOTTY', E.ENOTTY],
    ['EINVAL', E.EINVAL],
    ['EOPNOTSUPP', E.EOPNOTSUPP],
  ])('does so where the kernel says that it is not there: %s', (errno, number) => {
    expect(because('so', number)).toMatchObject({ code: 'unsupported', hint, errno })
  })

  it('does not send anybody looking where another thing failed', () => {
    expect(because('so', E.EIO)).toMatchObject({
      code: 'unsupported',
      errno: 'EIO',
      hint: undefined,
    })
  })
})
