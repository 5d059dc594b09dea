# What the steps share: words for the log of a job, and its outputs. Sourced, not run.
# shellcheck shell=bash

# What a workflow command cannot hold as it is: https://github.com/actions/toolkit, core's command.ts.
escape_data() {
    local text=$1
    text=${text//'%'/%25}
    text=${text//$'\r'/%0D}
    printf %s "${text//$'\n'/%0A}"
}
escape_property() {
    local text
    text=$(escape_data "$1")
    text=${text//:/%3A}
    printf %s "${text//,/%2C}"
}

# An annotation: its kind (error, warning, notice), its title, its text.
annotate() { printf '::%s title=%s::%s\n' "$1" "$(escape_property "$2")" "$(escape_data "$3")"; }

fail() {
    annotate error ringback "$1"
    exit 1
}

# What a step has not foreseen is no less an error of the job than what it has.
trap 'annotate error ringback "the step ${0##*/} of the action failed at line $LINENO; the log above says why"' ERR

# Name and value for later steps, in one of the files that the runner reads. The end of the value is a word
# that no value has.
put() {
    local file=$1 name=$2 value=$3 end
    end="ringback-$RANDOM$RANDOM$RANDOM"
    printf '%s<<%s\n%s\n%s\n' "$name" "$end" "$value" "$end" >>"$file"
}
output() { put "$GITHUB_OUTPUT" "$1" "$2"; }
variable() { put "$GITHUB_ENV" "$1" "$2"; }

is_on() { case ${1,,} in true | yes | on | 1) true ;; *) false ;; esac; }
