# shellcheck shell=bash
# The folder that the guest sees as /mnt: tphctl, Node.js, the tests and what starts them.

make_stage() {
  stage_program
  stage_node
  stage_tests
  stage_programs
  cp "$here/guest/init" "$stage/init"
  printf 'mode=%s\nlimit=%s\n' "$mode" "$file_limit" >"$stage/settings"
  check_stage
}

stage_program() {
  built || npm --prefix "$project" run --silent build:program
  mkdir -p "$stage/dist" "$stage/node_modules/@koromix"
  cp -r "$project/bin" "$project/package.json" "$stage"
  cp -r "$project/dist/program" "$stage/dist"
  cp -r "$project/node_modules/koffi" "$stage/node_modules"
  cp -r "$project/node_modules/@koromix/koffi-linux-x64" "$stage/node_modules/@koromix"
  local name
  for name in yaml ajv fast-deep-equal fast-uri json-schema-traverse require-from-string; do
    cp -r "$project/node_modules/$name" "$stage/node_modules"
  done
}

# built: whether the program is there and newer than every source.
built() {
  local program=$project/dist/program/core.cjs
  [ -e "$program" ] &&
    [ -z "$(find "$project/src" "$project/native-shims" "$project/package.json" "$project/rolldown.config.ts" -name '*.[tj]s*' -newer "$program" -print -quit)" ]
}

stage_node() {
  mkdir -p "$stage/path"
  cp "$(node -p process.execPath)" "$stage/path/node"
  ln -s ../bin/tphctl.js "$stage/path/tphctl"
}

# One bundle for each test file, so that the guest needs nothing but Node.js and koffi.
stage_tests() {
  local files
  files=$(test_files)
  [ -n "$files" ] || die 'there is no test for the guest' 'test/kernel/guest/*.guest.ts, or what --only names'
  mkdir -p "$stage/tests"
  xargs "$project/node_modules/.bin/esbuild" --bundle --platform=node --format=cjs --target=node20 \
    --define:import.meta.url=__filename --external:koffi --log-level=warning \
    --outdir="$stage/tests" --entry-names='[name]' --out-extension:.js=.cjs <<<"$files"
}

# The programs that tests start, compiled where the guest's C library is.
stage_programs() {
  local name
  cp "$here"/guest/*.[ch] "$work"
  for name in hammer fuzz; do
    in_root "$cache/$(root_name)" "$work:/work" -- \
      gcc -std=gnu17 -O2 -Wall -Wextra -Werror -pthread -o "/work/$name" "/work/$name.c" /work/device.c
    cp "$work/$name" "$stage/path/$name"
  done
}

test_files() {
  case $only in
    '') find "$here/guest" -name '*.guest.ts' | sort ;;
    */*) find "$(realpath -m "$only")" -maxdepth 0 ;;
    *) find "$here/guest" -name "$only.guest.ts" ;;
  esac
}

# Node.js and koffi were made for this machine's libraries, the guest has its own.
check_stage() {
  in_root "$cache/$(root_name)" "$stage:/mnt" -- /mnt/path/node -e 'require("/mnt/node_modules/koffi").load(null)'
}
