/**
 * The dependency rule (design: "Layout"). A key is a folder or file below src, its value the folders and files it may import;
 * what it imports of its own folder is its own business.
 */
export const RULE: Readonly<Record<string, readonly string[]>> = {
  signals: ['io'],
  process: ['main', 'signals', 'errors', 'io', 'replace-file', 'sleep', 'system-error'],
  main: [
    'cli',
    'backend/open',
    'backend/types',
    'commands/spec',
    'format',
    'tph/host',
    'errors',
    'io',
    'notices',
    'report',
    'settings',
  ],
  cli: ['commands', 'options', 'settings', 'errors', 'io', 'version'],
  commands: ['desired', 'tph', 'topology', 'format', 'args', 'context', 'errors', 'version'],
  format: ['args', 'tph', 'desired'],
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
  // Desired state is a subject of its own above the work on one device; the real host and the process are not its business.
  desired: ['tph', 'topology', 'abi', 'pci', 'args', 'backend/types', 'errors', 'io'],
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
  'replace-file': ['system-error'],
  sleep: [],
  context: ['io', 'notices', 'tph/host'],
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
  yaml: /^src\/desired\//,
  'ajv/dist/2020.js': /^src\/desired\//,
  // The shipped schema itself, so that what is checked is what is documented.
  'share/schema/desired-state.schema.json': /^src\/desired\//,
}
