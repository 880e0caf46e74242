#!/bin/sh
# Shows tphctl at work on the emulated host that is built in. Changes nothing outside a temporary folder.
set -eu

here=$(cd "$(dirname "$0")/.." && pwd)
state=$(mktemp -d)
trap 'rm -rf "$state"' EXIT
export TPHCTL_BACKEND=mock TPHCTL_MOCK_STATE="$state/state" TPHCTL_CODE_CACHE="$state/code"

run() {
  printf '\n$ tphctl %s\n' "$*"
  node "$here/bin/tphctl.js" -q -o table "$@"
}

echo 'An emulated host with four devices; no real device is touched.'
run list
run set 81:00.0 0-3=0-3 4-5=4@pm
run enable 81:00.0 --mode iv
run get 81:00.0 0-7
run undo
run get 81:00.0 0-7
