/** A word that is wrong, and what the message about it says beside the word. */
export type BadWord = readonly [word: string, right: string | RegExp]

const NUMBERS = 'expected numbers and ranges such as 0-3,8'
const FORM = 'expected INDEXES=CPUS[@vm|@pm] such as 0-3=8-11'

/** Lists that are no CPU list and no index list. */
export const BAD_LISTS: readonly BadWord[] = [
  ['', NUMBERS],
  [' ', NUMBERS],
  ['0 ', NUMBERS],
  ['+1', NUMBERS],
  ['0x1', NUMBERS],
  ['1e3', NUMBERS],
  ['1.5', NUMBERS],
  ['3-1', 'runs backwards'],
  ['0-', NUMBERS],
  ['0-4294967295', 'numbers go up to 65535'],
  ['99999999999999999999', 'numbers go up to 65535'],
  ['0,', NUMBERS],
  [',0', NUMBERS],
  ['0,,1', NUMBERS],
  ['0-3:0/2', '1 <= USED <= GROUP'],
  ['0-3:3/2', '1 <= USED <= GROUP'],
  ['0-3:1', NUMBERS],
  ['٣', NUMBERS],
]

/** Words that are no DEVICE. */
export const BAD_DEVICES: readonly BadWord[] = [
  '',
  ' ',
  '81',
  '81:00',
  '81:00.8',
  '81:20.0',
  '0000:81:00.0 ',
  ' 81:00.0',
  '0x81:00.0',
  '000:81:00.0',
  '/sys/bus/pci/devices/',
  'eth0',
  '0000:81:00.0\n0000:82:00.0',
].map((word) => [word, 'expected a PCI address such as 0000:81:00.0'])

/** ENTRYs that are none, or that this machine or device 0000:81:00.0 cannot have. */
export const BAD_ENTRIES: readonly BadWord[] = [
  ['', FORM],
  ['0', FORM],
  ['0=', FORM],
  ['=0', FORM],
  ['0=@vm', FORM],
  ['0=1=2', 'more than one ='],
  ['0:1', FORM],
  ['+1=0', NUMBERS],
  ['0x1=0', NUMBERS],
  ['1e3=0', NUMBERS],
  ['3-1=0', 'runs backwards'],
  ['0-4294967295=0', 'numbers go up to 65535'],
  ['0=0-4294967295', 'numbers go up to 65535'],
  ['0,=0', NUMBERS],
  ['0=0,', NUMBERS],
  ['0=+1', 'expected a CPU list'],
  ['0= 1', 'expected a CPU list'],
  ['0=0x1', NUMBERS],
  ['0=cpu1', 'expected a CPU list'],
  ['0,0=1', 'index 0 is given twice'],
  ['0-3,2=1', 'index 2 is given twice'],
  ['0-3=4-5', '4 indexes but 2 CPUs'],
  ['0=4-5', '1 index but 2 CPUs'],
  ['0=17', 'CPU 17 is offline; online CPUs are 0-15'],
  ['0=99', 'CPU 99 does not exist; possible CPUs are 0-19'],
  ['0=node:7', /NUMA node 7 does not exist; .* 0-1$/],
  ['0=node:', 'expected a whole number'],
  ['0=node:-1', 'expected a whole number'],
  ['0=l3:9', /L3 domain 9 does not exist; .* 0-3$/],
  ['0=l3:x', 'expected a whole number'],
  ['0=local:1', 'expected a CPU list'],
  ['0=LOCAL', 'expected a CPU list'],
  ['0=1@', 'expected vm or pm'],
  ['0=1@xm', 'expected vm or pm'],
  ['0=1@VM', 'expected vm or pm'],
  ['0=1@vm@pm', 'expected vm or pm'],
  ['0=none@pm', 'none takes no memory type'],
  ['64=0', "the device's ST table has 64 entries, 0-63"],
  ['2-50,64=0', "the device's ST table has 64 entries, 0-63"],
  ['0=1\u001b[31m', '\\u001b'],
]
