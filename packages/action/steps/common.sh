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

# All paths are from the workspace, whatever folder a caller has put the step into.
cd -- "${GITHUB_WORKSPACE:-.}"

# A path that no tool takes for a flag.
plain() { case $1 in -*) printf './%s' "$1" ;; *) printf %s "$1" ;; esac; }

# The folder of the input `reports`, made where it is not there, in $folder.
make_folder() {
    [ -n "$1" ] || fail "reports: expected a folder such as ringback-reports, found nothing"
    folder=$(plain "$1")
    { mkdir -p "$folder" && [ -w "$folder" ]; } 2>/dev/null ||
        fail "reports: expected a folder that can be made and written to, from $PWD, found $1"
    folder=$(cd "$folder" && pwd)
}

# The input `scenario`, in $scenario: a name that the program knows, or what is there.
look_at_scenario() {
    scenario=$(plain "$1")
    case $1 in
        */* | *.toml | *.json | -*)
            [ -e "$scenario" ] || fail "scenario: expected a scenario file or a folder of them, from $PWD, or the name of a built-in one; there is no $1"
            ;;
    esac
}

is_on() { case ${1,,} in true | yes | on | 1) true ;; *) false ;; esac; }
