# SPDX-License-Identifier: MIT
#
# Lists a Makefile's targets and knobs: those that end in a comment of two #.

function show(name, text) {
    printf "  %-28s %s\n", name, text
}

BEGIN { print "Targets:" }

/^[a-z-]+:.*##/ {
    name = $0; sub(/:.*/, "", name)
    text = $0; sub(/.*## */, "", text)
    show("make " name, text)
}

/^## / { heading = substr($0, 4) }

/^[A-Z_]+ \??=.*##/ {
    name = $1
    value = $0; sub(/^[A-Z_]+ \??= */, "", value); sub(/[ \t]*##.*/, "", value)
    text = $0; sub(/.*## */, "", text)
    if (value ~ /\$/) value = ""
    knobs[++n] = name "=" value; texts[n] = text
}

END {
    print heading
    for (i = 1; i <= n; i++)
        show(knobs[i], texts[i])
}
