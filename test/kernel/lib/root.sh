# shellcheck shell=bash
# The Debian root in which the kernel is built and which the guest then runs on.

suite=trixie
tried_source=linux-source-7.3
root_packages=(
  # building the kernel, its modules and the firmware table, and checking them
  bc binutils bison flex gcc libc6-dev libelf-dev make perl python3 rsync xz-utils sparse acpica-tools
  # the guest: the libraries of Node.js, and the commands that tests use
  libatomic1 libstdc++6 bsdutils jq kmod pciutils procps strace util-linux
)

# root_name: where it is in the cache; another name whenever it would be made in another way.
root_name() {
  printf 'root-%s\n' "$({
    declare -f make_root bootstrap install_packages
    echo "$suite ${root_packages[*]} ${TPHCTL_KERNEL_SOURCE:-}"
  } | key_of)"
}

make_root() {
  [ ! -e "$cache/$(root_name)" ] || return 0
  local root
  root=$(mktemp -d "$cache/tmp.root.XXXXXX")
  bootstrap "$root"
  apt_settings "$root"
  sed "s/ $suite / $suite-backports /" "$root/etc/apt/sources.list" >"$root/etc/apt/sources.list.d/backports.list"
  install_packages "$root"
  mkdir -p "$root/src" "$root/work"
  finish "$root" "$(root_name)"
}

bootstrap() {
  local proxy='' from
  eval "$(apt-config shell proxy Acquire::http::Proxy)"
  from=$(mirror)
  http_proxy=${http_proxy:-$proxy} debootstrap --variant=minbase "$suite" "$1" ${from:+"$from"}
}

# mirror: the Debian archive that this machine uses. Nothing where it does not say; debootstrap then takes its own.
mirror() {
  # shellcheck disable=SC2016
  apt-get indextargets --format '$(LABEL)|$(REPO_URI)' 'Created-By: Packages' |
    awk -F'|' '$1 == "Debian" && $2 ~ /^https?:/ && !found++ { print $2 }'
}

# apt_settings ROOT: how this machine reaches its archive.
apt_settings() {
  apt-config dump | grep -E '^Acquire::(https?|Check-[A-Za-z-]+|Retries|ForceIPv[46])(::| )' >"$1/etc/apt/apt.conf.d/90host" || true
}

install_packages() {
  local root=$1 kernel
  in_root "$root" -- apt-get update -qq
  kernel=${TPHCTL_KERNEL_SOURCE:-$(kernel_source "$root")}
  in_root "$root" -- apt-get install -y -qq --no-install-recommends "${root_packages[@]}" "$kernel"
  in_root "$root" -- apt-get clean
  echo "$kernel" >"$root/kernel-source"
}

# kernel_source ROOT: the version that everything was tried with; once the archive has it no more, the newest.
kernel_source() {
  local sources
  sources=$(in_root "$1" -- apt-cache search --names-only '^linux-source-[0-9.]+$' | awk '{ print $1 }' | sort -V)
  grep -xF "$tried_source" <<<"$sources" || tail -n 1 <<<"$sources"
}
