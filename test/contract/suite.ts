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
import type { ContractTheme } from './world.ts'

/** All that mock and real kernel have to do alike. */
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
