import { controlCases } from './control-cases.ts'
import { frameworkCases } from './framework-cases.ts'
import { infoCases } from './info-cases.ts'
import { lifetimeCases } from './lifetime-cases.ts'
import { msixCases } from './msix-cases.ts'
import { programApplyCases } from './program-apply-cases.ts'
import { programControlCases } from './program-control-cases.ts'
import { programReadCases } from './program-read-cases.ts'
import { programSetCases } from './program-set-cases.ts'
import { tableCases } from './table-cases.ts'
import { tagCases } from './tag-cases.ts'
import { v8CallCases } from './v8-call-cases.ts'
import { v8EntryCases } from './v8-entry-cases.ts'
import { v8ProgramCases } from './v8-program-cases.ts'
import type { ContractTheme } from './world.ts'

/** All that mock and real kernel have to do alike where TPH_ST is the interface. */
export const contract: readonly ContractTheme[] = [
  { name: 'VFIO_DEVICE_FEATURE', cases: frameworkCases },
  { name: 'TPH_ST', cases: tagCases },
  { name: 'the TPH capability', cases: controlCases },
  { name: 'the ST table', cases: tableCases },
  { name: 'the ST table in MSI-X', cases: msixCases },
  { name: 'other ioctls', cases: infoCases },
  { name: 'open and close', cases: lifetimeCases },
  { name: 'the program looks', cases: programReadCases },
  { name: 'the program sets', cases: programSetCases },
  { name: 'the program enables and verifies', cases: programControlCases },
  { name: 'the program applies', cases: programApplyCases },
]

/** The same where VFIO_DEVICE_PCI_TPH is, of what differs. */
export const contractV8: readonly ContractTheme[] = [
  { name: 'VFIO_DEVICE_PCI_TPH', cases: v8CallCases },
  { name: 'SET_ST and GET_ST', cases: v8EntryCases },
  { name: 'the program', cases: v8ProgramCases },
]
