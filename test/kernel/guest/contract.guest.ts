import { contract } from '../../contract/suite.ts'
import { kernelCases } from './kernel-cases.ts'
import { runSuites } from './register-suite.ts'

/** The contract suite on the real kernel. */

/** What has to do with how a device was opened. */
const THROUGH_CDEV = new Set(['VFIO_DEVICE_FEATURE', 'open and close'])

const name = 'contract, on the kernel, opened through the'

runSuites([
  { name: `${name} group`, opened: 'group', themes: contract, alone: kernelCases },
  {
    name: `${name} cdev`,
    opened: 'cdev',
    themes: contract.filter((theme) => THROUGH_CDEV.has(theme.name)),
    alone: kernelCases,
  },
])
