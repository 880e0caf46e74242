# shellcheck shell=bash
# The guest's kernel, and what modules need to be built for it.

# fragments: the files with its configuration.
fragments() {
  echo "$here/config"
  [ "$checks" = none ] || echo "$here/config-kasan"
  [ "$checks" != all ] || echo "$here/config-debug"
}

# kernel_name: where it is in the cache, by version, configuration, compiler and the way it is built.
kernel_name() {
  local root
  root=$cache/$(root_name)
  printf 'kernel-%s\n' "$({
    chroot "$root" dpkg-query -W "$(cat "$root/kernel-source")"
    chroot "$root" gcc --version
    declare -f make_kernel unpack keep
    fragments | xargs cat
  } | key_of)"
}

make_kernel() {
  [ ! -e "$cache/$(kernel_name)" ] || return 0
  local tree kept
  tree=$(mktemp -d "$cache/tmp.tree.XXXXXX")
  kept=$(mktemp -d "$cache/tmp.kernel.XXXXXX")
  unpack "$tree"
  fragments | xargs cat >"$tree/tphctl.config"
  in_tree "$tree" make -s KCONFIG_ALLCONFIG=tphctl.config allnoconfig
  check_configuration "$tree"
  in_tree "$tree" make -s -j"$(nproc)" bzImage modules
  keep "$tree" "$kept"
  finish "$kept" "$(kernel_name)"
  rm -rf "$tree"
}

# in_tree TREE COMMAND...: runs it in the kernel's source folder.
in_tree() {
  in_root "$cache/$(root_name)" "$1:/src" -- env --chdir=/src "${@:2}"
}

unpack() {
  local root
  root=$cache/$(root_name)
  in_tree "$1" tar -xJf "/usr/src/$(cat "$root/kernel-source").tar.xz" --strip-components=1
}

# Kconfig drops in silence what another option does not allow.
check_configuration() {
  local missing
  missing=$(grep '^CONFIG_' "$1/tphctl.config" | grep -vxFf "$1/.config") || return 0
  die "the kernel has no such configuration: ${missing//$'\n'/ }" 'see test/kernel/config'
}

# keep TREE KEPT: the kernel, and the part of the tree that modules and their checks need. Not its sources.
keep() {
  (
    cd "$1" || return
    cp -a --parents .config Kbuild Makefile Module.symvers System.map arch/x86/boot/bzImage include scripts tools/objtool/objtool "$2"
    find arch/x86 \( -name 'Makefile*' -o -name '*.h' -o -name '*.lds' -o -name '*.tbl' \) -exec cp -a --parents -t "$2" {} +
  )
}
