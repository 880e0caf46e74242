# shellcheck shell=bash
# What every step uses.

export LC_ALL=C.UTF-8

# die WHAT HINT: the run cannot go on.
die() {
  printf 'test/kernel/run: %s\n' "$1" >&2
  [ $# -lt 2 ] || printf 'hint: %s\n' "$2" >&2
  exit 1
}

# step NAME COMMAND...: runs it quietly and says how long it took; what it printed appears only when it failed. It is a job of
# its own, so that everything it started can be ended with it.
step() {
  local name=$1 start=${EPOCHREALTIME/./} code=0 tenths
  shift
  set -m
  (set -e && set +m && "$@") </dev/null >"$work/step.log" 2>&1 &
  job=$!
  set +m
  wait "$job" || code=$?
  job=
  tenths=$(((${EPOCHREALTIME/./} - start) / 100000))
  printf '%-28s %5d.%d s\n' "$name" $((tenths / 10)) $((tenths % 10))
  [ "$code" -ne 0 ] || return 0
  tail -n 100 "$work/step.log" >&2
  die "failed: $name"
}

# key_of: a short name for what is on standard input.
key_of() {
  sha256sum | cut -c1-16
}

# in_root ROOT [FOLDER:PLACE...] -- COMMAND...: runs it inside ROOT with folders of the host bound into it. The mounts are in
# a namespace of their own, so nothing stays mounted however it ends.
in_root() {
  # shellcheck disable=SC2016
  unshare --mount bash -euc '
    root=$1
    shift
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    while [ "$1" != -- ]; do
      mount --bind "${1%:*}" "$root/${1##*:}"
      shift
    done
    shift
    exec chroot "$root" env LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"
  ' in_root "$@"
}

# finish FOLDER NAME: gives a finished piece of the cache its name. Until then it is rubbish that the next run removes.
finish() {
  chmod 755 "$1"
  mv -T "$1" "$cache/$2"
}
