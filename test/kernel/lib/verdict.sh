# shellcheck shell=bash
# What the results say.

# Lines of the kernel log that mean something is wrong.
alarms='WARNING: |BUG: |Oops|Call Trace|Kernel panic|KASAN|UBSAN|KFENCE|refcount_t|hung task|blocked for more than'
alarms+='|INFO: (possible|trying|task|rcu)|rcu: INFO|suspicious RCU|bad unlock balance'

# verdict: prints what failed, and the counts.
verdict() {
  local passed=0 failed=0 skipped=0 check
  awk -f "$here/lib/tap.awk" -v counts="$work/counts" "$work/modules.tap" "$logs/results.tap"
  read -r passed failed skipped <"$work/counts"
  for check in guest_ended kernel_log_clean; do
    if "$check"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
  done
  [ "$failed" -eq 0 ] || printf '\nlogs: %s\n' "$logs"
  printf '\n%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
  [ "$failed" -eq 0 ]
}

# guest_ended: whether it came to its end and powered itself off.
guest_ended() {
  [ ! -e "$work/complaint" ] && grep -q '^@@ done' "$logs/results.tap" && return
  printf '\nnot ok: the guest runs to its end\n'
  cat "$work/complaint" 2>/dev/null || echo 'it powered off before'
  tail -n 12 "$logs/console.log"
  return 1
}

# The log is on the console and, where the guest came to its end, once more in the results.
kernel_log_clean() {
  local lines
  [ -s "$logs/console.log" ] || return
  lines=$({
    around_alarms <"$logs/console.log"
    sed -n '/^@@ begin dmesg/,/^@@ end dmesg/p' "$logs/results.tap" | around_alarms
  } | awk '!seen[$0]++')
  [ -n "$lines" ] || return 0
  printf '\nnot ok: the kernel log has no warning\n%s\n' "$(head -n 120 <<<"$lines")"
  return 1
}

around_alarms() {
  tr -d '\r' | grep -E -A 40 "$alarms" || true
}
