/**
 * The dependency rule (design: "Layout"). A key is a folder or file below src, its value the folders and files it may import;
 * what it imports of its own folder is its own business.
 */
export const RULE: Readonly<Record<string, readonly string[]>> = {
  signals: ['io'],
  attention: ['io'],
  process: ['main', 'attention', 'lines', 'signals', 'errors', 'io', 'sleep', 'system-error'],
  main: ['cli', 'session', 'errors', 'io', 'report', 'settings'],
  session: [
    'cli',
    'backend/open',
    'backend/types',
    'format',
    'context',
    'line-call',
    'opened-host',
    'errors',
    'io',
    'report',
    'settings',
  ],
  'line-call': ['cli', 'commands/spec', 'errors'],
  'opened-host': ['backend/types', 'tph/host', 'io', 'notices', 'settings'],
  cli: ['commands', 'options', 'settings', 'errors', 'io', 'version'],
  commands: [
    'tph',
    'doctor',
    'topology',
    'format',
    'args',
    'batch',
    'context',
    'errors',
    'outcome',
    'version',
  ],
  // A subject of its own: lines of commands, however they are run.
  batch: ['args', 'format', 'context', 'errors', 'outcome', 'report'],
  format: ['args', 'tph', 'errors'],
  tph: [
    'abi',
    'pci',
    'args',
    'topology',
    'backend/types',
    'backend/traced-device',
    'errors',
    'notices',
    'system-error',
    'make-directory',
  ],
  // Rules about the host and its devices, which nothing of tph needs to know.
  doctor: ['tph', 'pci', 'args', 'topology', 'backend/types', 'errors'],
  topology: ['args', 'errors'],
  backend: [
    'abi',
    'pci',
    'native-shims',
    'topology',
    'args',
    'errors',
    'io',
    'sleep',
    'system-error',
    'make-directory',
  ],
  args: ['errors'],
  pci: ['errors'],
  abi: [],
  errors: [],
  io: [],
  notices: [],
  version: [],
  'make-directory': [],
  sleep: [],
  context: ['io', 'notices', 'tph/host', 'format', 'errors'],
  outcome: ['format', 'errors'],
  lines: [],
  options: ['commands/spec'],
  report: ['args', 'errors', 'io', 'notices', 'version'],
  settings: ['abi', 'args', 'format/formats', 'errors', 'io'],
  'system-error': ['errors'],
}

/** Single imports beyond the rule, each with its reason. */
export const EXCEPTIONS: Readonly<Record<string, string>> = {
  'commands/version -> abi/tph-st': 'it shows the numbers of the interface',
  'commands/version -> abi/vfio': 'it shows the numbers of the interface',
  'commands/enable -> pci/tph-capability': 'a type: the names of the modes',
  'commands/mock -> backend/mock/mock-backend': 'it is about the mock itself, not about a device',
  'backend/linux/open-linux -> settings': 'a type: the options of a real host',
  'backend/open -> settings': 'a type: it is where main chooses the backend',
}

/** Where a package may be imported. */
export const PACKAGES: Readonly<Record<string, RegExp>> = {
  commander: /^src\/cli$/,
  chalk: /^src\/format\//,
  koffi: /^native-shims\//,
  'ffi-napi': /^native-shims\//,
  'ref-napi': /^native-shims\//,
}
