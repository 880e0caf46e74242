#!/bin/sh
# Builds a Debian package of the command in the current folder, from a built checkout with its node_modules ("npm run package:deb").
# The same sources give the same bytes. DEBFULLNAME and DEBEMAIL name who builds it.
set -eu
umask 022
export LC_ALL=C

project=$(cd "$(dirname "$0")/../.." && pwd)
version=$(node -p 'require(process.argv[1]).version' "$project/package.json")
arch=$(dpkg --print-architecture)
maintainer="${DEBFULLNAME:-the tphctl authors} <${DEBEMAIL:-tphctl@localhost}>"
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -C "$project" log -1 --format=%ct 2>/dev/null || stat -c %Y "$project/package.json")}
export SOURCE_DATE_EPOCH
package=$PWD/tphctl_$version-1_$arch.deb

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
home=$root/usr/lib/tphctl

# put FILE PLACE: one file of the project at a place in the package.
put() {
  mkdir -p "$root/$(dirname "$2")"
  cp "$project/$1" "$root/$2"
}

# modules: what the program loads from packages, and what those need, without sources and documents.
modules() {
  mkdir -p "$home/node_modules"
  node - "$project" <<'END' >"$work/modules"
const { packages } = require(`${process.argv[2]}/package-lock.json`)
const found = new Set()
const add = (name) => {
  const entry = packages[`node_modules/${name}`]
  if (entry === undefined || found.has(name)) return
  if (!require('node:fs').existsSync(`${process.argv[2]}/node_modules/${name}`)) return
  found.add(name)
  for (const one of Object.keys({ ...entry.dependencies, ...entry.optionalDependencies })) add(one)
}
for (const name of ['ajv', 'koffi', 'yaml']) add(name)
console.log([...found].sort().join('\n'))
END
  while read -r name; do
    mkdir -p "$home/node_modules/$(dirname "$name")"
    cp -R "$project/node_modules/$name" "$home/node_modules/$name"
  done <"$work/modules"
  (
    cd "$home/node_modules"
    rm -rf koffi/doc koffi/lib koffi/vendor koffi/cnoke.cjs koffi/src/koffi/src/trampolines.cjs ajv/lib yaml/browser @koromix/*/musl_*
    find . -type f ! -name '*.js' ! -name '*.cjs' ! -name '*.json' ! -name '*.node' -delete
    find . -type f \( -name '.*' -o -name 'eslint.*' -o -name 'tsconfig*' \) -delete
    find . -depth -type d \( -name test -o -name tests -o -name spec -o -name benchmark -o -name .github \) -exec rm -rf {} +
    find . -type d -empty -delete
  )
}

program() {
  put package.json usr/lib/tphctl/package.json
  put bin/package.json usr/lib/tphctl/bin/package.json
  put bin/tphctl.js usr/lib/tphctl/bin/tphctl.js
  put bin/keep-compiled.js usr/lib/tphctl/bin/keep-compiled.js
  for part in "$project"/dist/program/*.cjs; do
    put "dist/program/${part##*/}" "usr/lib/tphctl/dist/program/${part##*/}"
  done
  cp -R "$project/share/schema" "$work/schema"
  mkdir -p "$home/share" && cp -R "$work/schema" "$home/share/schema"
  sed -i '1s|/usr/bin/env node|/usr/bin/node|' "$home/bin/tphctl.js"
  mkdir -p "$root/usr/bin" "$root/etc/tphctl.d"
  ln -s ../lib/tphctl/bin/tphctl.js "$root/usr/bin/tphctl"
}

# system: what other programs look for in places of their own.
system() {
  put share/man/man1/tphctl.1 usr/share/man/man1/tphctl.1
  put share/completions/bash/tphctl usr/share/bash-completion/completions/tphctl
  put share/completions/zsh/_tphctl usr/share/zsh/vendor-completions/_tphctl
  put share/completions/fish/tphctl.fish usr/share/fish/vendor_completions.d/tphctl.fish
  for unit in "$project"/share/*.service; do
    put "share/${unit##*/}" "usr/lib/systemd/system/${unit##*/}"
  done
  mkdir -p "$root/usr/share/ansible" "$root/usr/src"
  cp -R "$project/share/ansible/roles" "$root/usr/share/ansible/roles"
  driver=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"$/\1/p' "$project/native-shims/vfio-tph-pci/dkms.conf")
  cp -R "$project/native-shims/vfio-tph-pci" "$root/usr/src/vfio-tph-pci-$driver"
}

documents() {
  doc=usr/share/doc/tphctl
  put README.md $doc/README.md
  put CHANGELOG.md $doc/changelog
  copyright >"$root/$doc/copyright"
  cat >"$root/$doc/changelog.Debian" <<END
tphctl ($version-1) unstable; urgency=medium

  * Built from the sources of $version; changelog.gz has its changes.

 -- $maintainer  $(date -u -R -d "@$SOURCE_DATE_EPOCH")
END
  gzip -9n "$root/$doc/changelog" "$root/$doc/changelog.Debian" "$root/usr/share/man/man1/tphctl.1"
}

# license NAME FILE: a license as the copyright file has it.
license() {
  printf '\nFiles: %s\n' "$1"
  sed -n '/[Cc]opyright/{s/^[[:space:]]*[Cc]opyright/Copyright:/p;q}' "$2"
  printf 'License: %s\n' "$3"
  awk '{ sub(/^[[:space:]]*$/, "."); print " " $0 }' "$2"
}

copyright() {
  printf 'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\nUpstream-Name: tphctl\n'
  license '*' "$project/LICENSE" Expat
  printf '\nFiles: usr/src/*\nCopyright: the authors named in its files\nLicense: GPL-2.0-only\n'
  printf ' On Debian systems the text is in /usr/share/common-licenses/GPL-2.\n'
  while read -r name; do
    text=$(find "$project/node_modules/$name" -maxdepth 1 -iname 'licen[sc]e*' | sort | head -n 1)
    # What has no license of its own is a part of koffi.
    [ -z "$text" ] || license "usr/lib/tphctl/node_modules/$name/*$([ "$name" != koffi ] || echo ' usr/lib/tphctl/node_modules/@koromix/*')" "$text" \
      "$(node -p 'require(process.argv[1]).license' "$project/node_modules/$name/package.json")-$(echo "$name" | tr -d @ | tr / -)"
  done <"$work/modules"
  for name in commander chalk; do
    for text in "$project/node_modules/$name"/[Ll][Ii][Cc]*; do
      license "usr/lib/tphctl/dist/program/*.cjs" "$text" "MIT-$name"
    done
  done
}

control() {
  mkdir -p "$root/DEBIAN"
  cat >"$root/DEBIAN/control" <<END
Package: tphctl
Version: $version-1
Architecture: $arch
Maintainer: $maintainer
Installed-Size: $(find "$root/usr" -type f -printf '%s\n' | awk '{ kb += int(($1 + 1023) / 1024) } END { print kb }')
Depends: nodejs (>= 20.16), libc6 (>= 2.17), libgcc-s1 (>= 3.0), libstdc++6 (>= 6)
Suggests: bash-completion, dkms, linux-headers-generic
Section: admin
Priority: optional
Description: program the PCIe TPH steering tags of VFIO devices
 tphctl says which CPU's cache a device's DMA should land in. It programs the
 steering tags of PCI devices that are handed to user space through VFIO, such
 as the NIC of a QEMU guest or the devices of a DPDK or SPDK program.
 .
 It works through the VFIO device feature TPH_ST. The sources of a driver that
 has it are in /usr/src, for DKMS.
END
  for script in postinst prerm postrm; do
    install -m 755 "$project/share/debian/$script" "$root/DEBIAN/$script"
  done
  (cd "$root" && find usr -type f -exec md5sum {} + | sort -k 2) >"$root/DEBIAN/md5sums"
}

modules
program
system
documents
control
chmod -R u=rwX,go=rX "$root"
find "$root" -type f ! -path '*/bin/tphctl.js' ! -path '*/DEBIAN/p*' -exec chmod 644 {} +
chmod 755 "$home/bin/tphctl.js"
find "$root" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
dpkg-deb --root-owner-group -Zxz --build "$root" "$package" >/dev/null
echo "$package"
