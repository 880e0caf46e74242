import { contractV8 } from '../../contract/suite.ts'
import { runSuites } from './register-suite.ts'
import { reloadDriver } from './reload-driver.ts'

/** The contract suite of VFIO_DEVICE_PCI_TPH on the real kernel: the driver is loaded anew for it, and again as it was. */
runSuites([
  {
    name: 'contract, on the kernel with abi=pci-tph-v8',
    opened: 'group',
    themes: contractV8,
    alone: [],
    setUp: () => reloadDriver(['abi=pci-tph-v8']),
    takeDown: () => reloadDriver([]),
  },
])
