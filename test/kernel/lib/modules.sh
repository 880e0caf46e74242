# shellcheck shell=bash
# The driver under test and the emulated device, built and checked. Each check is a test of its own.

module_folders=("$project/native-shims/vfio-tph-pci" "$here/tph-nic")

# make_modules: leaves the modules in the stage, and the outcome of the checks as TAP in modules.tap.
make_modules() {
  mkdir -p "$stage/modules"
  check_modules >"$work/modules.tap"
}

check_modules() {
  local folder points=0
  echo '@@ begin modules'
  for folder in "${module_folders[@]}"; do
    point "${folder##*/} builds without a word of gcc or sparse" build_module "$folder"
    check_style "$folder"
  done
  point 'ssdt.asl compiles' build_table
  echo "1..$points"
  echo '@@ end modules 0'
}

# point NAME COMMAND...: one test, in TAP.
point() {
  local name=$1 verdict=ok
  shift
  points=$((points + 1))
  "$@" >"$work/point.log" 2>&1 || verdict='not ok'
  echo "$verdict $points - $name"
  [ "$verdict" = ok ] || { echo '  ---' && sed 's/^/  /' "$work/point.log" && echo '  ...'; }
}

# with_kernel COMMAND...: with the kernel's tree in /src and the work folder in /work.
with_kernel() {
  in_root "$cache/$(root_name)" "$kernel:/src" "$work:/work" -- "$@"
}

# A module that compiles is used, even if something is said of it.
build_module() {
  local said
  rm -rf "$work/build" && cp -r "$1" "$work/build" && cp "$here/lib/sparse" "$work/sparse" || return
  said=$(with_kernel make -s -C /src M=/work/build W=1 C=1 CHECK=/work/sparse modules 2>&1) &&
    cp "$work/build"/*.ko "$stage/modules/${1##*/}.ko"
  local code=$?
  echo "$said"
  [ "$code" -eq 0 ] && [ -z "$said" ]
}

check_style() {
  local file
  for file in "$1"/*.[ch]; do
    point "${1##*/}/${file##*/} passes checkpatch" checkpatch "$file"
  done
}

checkpatch() {
  cp "$1" "$work/${1##*/}" &&
    with_kernel /src/scripts/checkpatch.pl --strict --no-tree --terse --file "/work/${1##*/}"
}

build_table() {
  cp "$here/tph-nic/ssdt.asl" "$work/ssdt.asl" &&
    with_kernel iasl -p /work/ssdt /work/ssdt.asl
}

# built_modules: whether there is something to boot with.
built_modules() {
  [ -e "$work/ssdt.aml" ] && [ "$(find "$stage/modules" -name '*.ko' | wc -l)" -eq ${#module_folders[@]} ]
}
