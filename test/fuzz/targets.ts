import type { Target } from './target.ts'
import { applyFile, jsonAsYaml } from './targets/apply.ts'
import { bdf, cpuList, entry } from './targets/args.ts'
import { batchLine, lineSplit } from './targets/batch.ts'
import { btf } from './targets/btf.ts'
import { bundle } from './targets/bundle.ts'
import { commandLine } from './targets/command.ts'
import { configSpace } from './targets/config.ts'
import { lspciDump } from './targets/dump.ts'
import { hostFiles } from './targets/host.ts'
import { mockKernel } from './targets/ioctl.ts'
import { ledgerFile } from './targets/ledger.ts'
import { regionInfo } from './targets/region.ts'
import { faults, stateFile } from './targets/state.ts'
import { deviceLines, entryStream, holdFile } from './targets/streams.ts'

/** All that takes bytes from outside. */
export const targets: readonly Target[] = [
  cpuList,
  entry,
  bdf,
  entryStream,
  deviceLines,
  holdFile,
  lineSplit,
  batchLine,
  commandLine,
  configSpace,
  lspciDump,
  mockKernel,
  regionInfo,
  applyFile,
  jsonAsYaml,
  ledgerFile,
  stateFile,
  faults,
  hostFiles,
  btf,
  bundle,
]
