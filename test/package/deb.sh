#!/usr/bin/env bash
# Builds the Debian package and uses it in a Debian root of its own with Debian's Node.js ("npm run test:deb"). Needs root on Debian
# with debootstrap, and the network once: the root is kept in ~/.cache/tphctl-package (TPHCTL_PACKAGE_CACHE). The last line has the
# counts.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
project=$(cd "$here/../.." && pwd)
cache=${TPHCTL_PACKAGE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/tphctl-package}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# shellcheck source-path=SCRIPTDIR source=../kernel/lib/common.sh
. "$here/../kernel/lib/common.sh"
# shellcheck source-path=SCRIPTDIR source=../kernel/lib/root.sh
. "$here/../kernel/lib/root.sh"
passed=0
failed=0

# check WHAT COMMAND...: one test.
check() {
  local what=$1
  shift
  if "$@" >"$work/log" 2>&1; then
    passed=$((passed + 1))
    printf 'ok      %s\n' "$what"
  else
    failed=$((failed + 1))
    printf 'FAILED  %s\n' "$what"
    tail -n 20 "$work/log"
  fi
}

# base_root: Debian with what the package depends on and what looks at it, made once.
base_root() {
  local packages=(nodejs man-db bash-completion lintian) new
  base=$cache/root-$({
    declare -f base_root
    echo "$suite"
  } | key_of)
  [ ! -e "$base" ] || return 0
  mkdir -p "$cache"
  rm -rf "$cache"/tmp.*
  new=$(mktemp -d "$cache/tmp.XXXXXX")
  bootstrap "$new"
  apt_settings "$new"
  # The manual pages that minbase leaves out are what is tested here.
  rm -f "$new/etc/dpkg/dpkg.cfg.d/docker" "$new/etc/dpkg/dpkg.cfg.d/excludes"
  in_root "$new" -- apt-get update -qq
  in_root "$new" -- apt-get install -y -qq --no-install-recommends "${packages[@]}"
  in_root "$new" -- apt-get clean
  finish "$new" "${base##*/}"
}

# inside COMMAND...: in the root in which the package is tried.
inside() {
  in_root "$work/root" -- "$@"
}

# files: every file of the root that does not belong to the moment.
files() {
  (cd "$work/root" && find . -xdev \( -path ./tmp -o -path ./proc -o -path ./var/lib/dpkg -o -path ./var/cache -o -path ./var/log \) -prune -o -print | sort)
}

build() {
  mkdir -p "$work/$1" && (cd "$work/$1" && sh "$project/share/debian/build.sh")
}

same_bytes() {
  cmp "$work"/one/*.deb "$work"/two/*.deb
}

as_listed() {
  files >"$work/after"
  diff "$work/before" "$work/after"
}

try() {
  check 'it is built' build one
  check 'the same sources give the same bytes' eval 'sleep 1 && build two && same_bytes'
  rm -rf "$work/two"
  cp "$work"/one/*.deb "$work/root/tmp/tphctl.deb"
  # Whoever builds it is its maintainer, by default nobody; Debian was not asked for it, and has no helper for a unit's instances.
  check 'lintian finds no error and no warning' inside lintian --allow-root --fail-on error,warning --suppress-tags \
    initial-upload-closes-no-bugs,bogus-mail-host,bogus-mail-host-in-debian-changelog,maintainer-script-calls-systemctl /tmp/tphctl.deb
  files >"$work/before"
  check 'it is installed' inside dpkg -i /tmp/tphctl.deb
  check 'tphctl version' inside tphctl version
  # shellcheck disable=SC2016
  check 'set and get on the emulated host' inside sh -ec '
    export TPHCTL_BACKEND=mock TPHCTL_MOCK_STATE=/tmp/state
    tphctl set 81:00.0 0=1
    [ "$(tphctl get 81:00.0 0)" = "$(printf "0\t0x0101\t1\tvm")" ]'
  check 'native calls' inside node -e '
    const { createRequire } = require("node:module")
    const koffi = createRequire("/usr/lib/tphctl/dist/program/core.cjs")("koffi")
    if (koffi.load(null).func("int getpid()")() !== process.pid) process.exit(1)'
  check 'what is loaded for desired state' inside node -e '
    const load = require("node:module").createRequire("/usr/lib/tphctl/dist/program/core.cjs")
    if (load("yaml").parse("a: 1").a !== 1 || !new (load("ajv/dist/2020").default)().validate({ type: "string" }, "")) process.exit(1)'
  check 'man tphctl' inside sh -c 'man tphctl | grep -q "program the PCIe TPH steering tags"'
  # shellcheck disable=SC2016
  check 'completion in bash' inside bash -ec '
    . /usr/share/bash-completion/bash_completion
    _comp_load tphctl || _completion_loader tphctl
    export TPHCTL_BACKEND=mock
    COMP_LINE="tphctl get 0000:83" COMP_POINT=18 COMP_WORDS=(tphctl get 0000 : 83) COMP_CWORD=4
    _tphctl
    [ "${COMPREPLY[*]}" = 83:00.0 ]'
  check 'the driver is where DKMS looks' inside sh -c 'grep -q "^PACKAGE_NAME=\"vfio-tph-pci\"" /usr/src/vfio-tph-pci-*/dkms.conf'
  check 'it is installed again' inside dpkg -i /tmp/tphctl.deb
  inside touch /etc/tphctl.d/own.yaml
  check 'it is removed' inside dpkg -r tphctl
  check 'desired state outlives it' inside test -e /etc/tphctl.d/own.yaml
  inside rm -rf /etc/tphctl.d/own.yaml
  check 'compiled code was kept, for root alone' inside sh -c '[ "$(stat -c %a:%u /var/cache/tphctl)" = 700:0 ]'
  check 'it is purged' inside dpkg -P tphctl
  check 'nothing of it is left' as_listed
  check 'nor the compiled code' inside test ! -e /var/cache/tphctl
}

[ "$(id -u)" = 0 ] || { echo 'test/package/deb.sh: needs root' >&2 && exit 1; }
command -v debootstrap >/dev/null || DEBIAN_FRONTEND=noninteractive apt-get install -y -qq debootstrap >/dev/null
base_root
cp -a --reflink=auto "$base" "$work/root"
try
printf '%d passed, %d failed, 0 skipped\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
