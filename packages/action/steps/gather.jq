# Makes a report in the form of `ringback run --report json` of what a served program has seen. In: $journals,
# $findings and $strays, as the control plane gives them, of all worlds; $fail_on, what fails the job.
def line: "\(.rule): expected \(.expected), found \(.found)" + (if .hint then "; \(.hint)" else "" end);
# How many there are: one, and more than one.
def counted(one; many): if length == 1 then "1 \(one)" elif length > 1 then "\(length) \(many)" else empty end;

($fail_on | split(",") | map(gsub(" "; ""))) as $on
| [$journals[].entries[] | select(.request != null and .outcome != null)] as $all
| [$all[] | select(.outcome == "refused" and .why != null)] as $refused
| [$strays[].entries[] | "\(.request.method // "") \(.request.target // ""): \(.error // "nobody takes it")" | ltrimstr(" : ")] as $unmatched
| [$findings[].findings[] | "\(.vendor) \(.name), \(.count) \(if .count == 1 then "time" else "times" end): \(.what); \(.remedy)"] as $found
| [
    (if $on | index("refused") then $refused | counted("request was refused"; "requests were refused") else empty end),
    (if $on | index("unmatched") then $unmatched | counted("request or handshake is nobody's"; "requests or handshakes are nobody's") else empty end),
    (if $on | index("findings") then $found | counted("finding"; "findings") else empty end),
    ($findings[].strict // empty | select(.verdict != "pass") | "a strict world: \(.verdict)",
        (.unexpected[]? | "not expected: \(.line): \(.reason)"),
        (.unmet[]? | "not met: \(if type == "string" then . else tojson end)"))
  ] as $reasons
| {
    verdict: (if ($reasons | length) > 0 then "fail" else "pass" end),
    reasons: $reasons,
    requests: ($all | group_by(.vendor)
        | map({ key: .[0].vendor, value: (group_by(.outcome) | map({ key: .[0].outcome, value: length }) | from_entries) })
        | from_entries),
    refusals: ($refused | group_by([.vendor, .operation, .why.rule])
        | map({ vendor: .[0].vendor, operation: (.[0].operation // ""), rule: .[0].why.rule, count: length, why: (.[0].why | line) })),
    unmatched: $unmatched,
    findings: $found
  }
