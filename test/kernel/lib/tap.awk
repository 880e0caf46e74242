# Counts the leaves of TAP as Node.js writes it, and prints what failed. Groups are between "@@ begin NAME" and "@@ end NAME CODE";
# each has to end, with exit code 0 or a failed test, and to have run as many tests as it planned.

function complain(text) {
  failed++
  bad++
  printf "\nnot ok: %s: %s\n", group, text
}

function forget(depth) {
  points[depth] = below[depth] = 0
  plan[depth] = ""
}

# The plan of one depth comes last.
function check_plan(depth) {
  if (plan[depth] == "") complain("a plan is missing")
  else if (plan[depth] != points[depth]) complain("planned " plan[depth] " tests, ran " points[depth])
  forget(depth)
}

function place(depth,    text, i) {
  text = group
  for (i = 0; i < depth; i++) text = text " > " name[i]
  return text
}

function count(depth, line, leaf) {
  if (line ~ / # (SKIP|TODO)/) { if (leaf) skipped++; return }
  if (line ~ /^ok/) { if (leaf) passed++; return }
  below[depth]++
  if (!leaf && below[depth + 1]) return
  failed++
  bad++
  show = 1
  printf "\n%s > %s\n", place(depth), line
}

function close_group() {
  if (group == "") return
  complain("it does not end")
  group = ""
}

{ sub(/\r$/, "") }

/^@@ begin dmesg/ { close_group(); next }

/^@@ begin / {
  close_group()
  group = substr($0, 10)
  bad = yaml = show = 0
  for (i = 0; i < 20; i++) forget(i)
  next
}

/^@@ end / && group != "" {
  if (plan[0] == 0) complain("no test ran")
  check_plan(0)
  if ($NF == 124) complain("it was ended at its time limit")
  else if ($NF != 0 && !bad) complain("exit code " $NF)
  group = ""
  next
}

group == "" { next }

# The details of the test before, in YAML. Those of a failed hook stand at the suite.
/^ *---$/ && !yaml { yaml = index($0, "-"); details = ""; lines = 0; next }
yaml && /^ *\.\.\.$/ && index($0, ".") == yaml {
  if (show || details ~ /failureType: .hookFailed/) printf "%s", details
  yaml = show = 0
  next
}
yaml { if (lines++ < 60) details = details $0 "\n"; next }

/^ *# Subtest: / {
  depth = int((index($0, "#") - 1) / 4)
  name[depth] = substr($0, index($0, ":") + 2)
  next
}

/^ *(not )?ok [0-9]+/ {
  match($0, /^ */)
  depth = int(RLENGTH / 4)
  points[depth]++
  leaf = points[depth + 1] == 0
  line = substr($0, RLENGTH + 1)
  show = 0
  if (!leaf) planned = plan[depth + 1] == points[depth + 1]
  if (!leaf && !planned) complain("the plan of " line " does not fit")
  count(depth, line, leaf)
  forget(depth + 1)
  next
}

/^ *1\.\.[0-9]+/ {
  match($0, /^ */)
  plan[int(RLENGTH / 4)] = substr($0, RLENGTH + 4) + 0
  next
}

/^Bail out!/ { complain($0) }

END {
  close_group()
  print passed + 0, failed + 0, skipped + 0 > counts
}
