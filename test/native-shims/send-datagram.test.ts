import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { temporaryDirectory } from '../helpers/temporary.ts'
import { describeBindings } from './bindings.ts'
import { nextOutput, start } from './children.ts'

const ENOENT = 2
const EINVAL = 22
const EMSGSIZE = 90
const ECONNREFUSED = 111

/** Node has no Unix datagram sockets. Binds ARGV[0], says so, prints the first datagram. */
const LISTENER = `
use Socket;
my $name = $ARGV[0];
$name =~ s/^@/\\0/;
socket(my $socket, AF_UNIX, SOCK_DGRAM, 0) or die $!;
bind($socket, pack_sockaddr_un($name)) or die $!;
exit if @ARGV > 1;
$| = 1;
print "ready\\n";
recv($socket, my $text, 65536, 0);
print "<$text>";
`
const noPerl = spawnSync('perl', ['-MSocket', '-e', '1']).status !== 0
const withPerl = it.skipIf(noPerl)
const why = noPerl ? ' (no perl with Socket)' : ''

describeBindings('sendDatagram()', (libc) => {
  withPerl.each([
    ['a path', () => join(temporaryDirectory(), 'socket')],
    ['an abstract name', () => `@tphctl-test-${process.pid}-${libc.name}`],
    ['the longest path', () => join(temporaryDirectory(), 'x').padEnd(107, 'x')],
  ])(`reaches the socket of %s${why}`, async (_, make) => {
    const path = make()
    const listener = start('perl', ['-e', LISTENER, path])
    expect(await nextOutput(listener)).toBe('ready\n')
    expect(libc.sendDatagram(path, 'READY=1\nSTATUS=é')).toBe(17)
    expect(await nextOutput(listener)).toBe('<READY=1\nSTATUS=é>')
  })

  withPerl(`sends an empty text${why}`, async () => {
    const path = join(temporaryDirectory(), 'socket')
    const listener = start('perl', ['-e', LISTENER, path])
    await nextOutput(listener)
    expect(libc.sendDatagram(path, '')).toBe(0)
    expect(await nextOutput(listener)).toBe('<>')
  })

  withPerl(`returns -ECONNREFUSED when nobody listens any more${why}`, () => {
    const path = join(temporaryDirectory(), 'socket')
    expect(spawnSync('perl', ['-e', LISTENER, path, 'leave']).status).toBe(0)
    expect(libc.sendDatagram(path, 'x')).toBe(-ECONNREFUSED)
  })

  withPerl(`returns -EMSGSIZE for more than a datagram holds${why}`, async () => {
    const path = join(temporaryDirectory(), 'socket')
    await nextOutput(start('perl', ['-e', LISTENER, path]))
    expect(libc.sendDatagram(path, 'x'.repeat(4_000_000))).toBe(-EMSGSIZE)
  })

  it('returns -ENOENT where there is no such path', () => {
    expect(libc.sendDatagram(join(temporaryDirectory(), 'nothing'), 'x')).toBe(-ENOENT)
  })

  it('returns -ECONNREFUSED for a file and for an abstract name nobody has', () => {
    const path = join(temporaryDirectory(), 'file')
    writeFileSync(path, '')
    expect(libc.sendDatagram(path, 'x')).toBe(-ECONNREFUSED)
    expect(libc.sendDatagram(`@tphctl-test-${process.pid}-nobody`, 'x')).toBe(-ECONNREFUSED)
  })

  it('returns -EINVAL for a path longer than an address', () => {
    expect(libc.sendDatagram(`/${'x'.repeat(200)}`, 'x')).toBe(-EINVAL)
  })
})
