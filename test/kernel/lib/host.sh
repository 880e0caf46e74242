# shellcheck shell=bash
# What the machine itself needs.

host_check() {
  [ "$(id -u)" -eq 0 ] || die 'this needs root: it makes a Debian root and mounts inside it' 'run it as root in a virtual machine or a container'
  command -v apt-get >/dev/null || die 'this needs a Debian machine: there is no apt-get' 'run it on Debian 12 or later'
  [ "$(uname -m)" = x86_64 ] || die "this needs an x86-64 machine, not $(uname -m)"
  [ -x "$project/node_modules/.bin/esbuild" ] || die 'the development dependencies are not installed' 'npm ci'
}

host_packages() {
  local packages=()
  command -v qemu-system-x86_64 || packages+=(qemu-system-x86)
  command -v debootstrap || packages+=(debootstrap)
  [ ${#packages[@]} -gt 0 ] || return 0
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}"
}
