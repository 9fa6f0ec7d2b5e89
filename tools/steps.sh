# shellcheck shell=bash
# What ./run and ./test have in common: steps with their number and seconds, packages, build, database.
# Sourced, with the working directory in the root of the repository. Every failure ends in one line that says what to do.
set -euo pipefail

preset=${TRUNKLINE_PRESET:-release}
log_folder=var/log
mkdir -p "$log_folder" 2>/dev/null || { echo "cannot write to $PWD/var: check who owns it" >&2; exit 1; }
began=$SECONDS
step_number=0

step() {  # step "what is done now"
    step_number=$((step_number + 1))
    printf '[%d/%s %4ds] %s\n' "$step_number" "${steps_total:-?}" "$((SECONDS - began))" "$*"
}

fail() {
    echo "failed: $*" >&2
    exit 1
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# Names the packages of a section of cmake/packages.txt ("build" or "tests").
packages_of() {
    awk -v wanted="$1" '/^#/ {next} NF == 1 && ($1 == "build" || $1 == "tests") {section = $1; next} section == wanted' \
        cmake/packages.txt | tr -s ' \n' '\n\n' | sed '/^$/d'
}

is_installed() { [ "$(dpkg-query -W -f '${Status}' "$1" 2>/dev/null)" = "install ok installed" ]; }

# Later Debian releases carry a later Boost: the package without a number is theirs.
without_number() { echo "${1//1.81/}"; }

missing_packages() {
    local package
    for package in $(for section in "$@"; do packages_of "$section"; done); do
        is_installed "$package" || is_installed "$(without_number "$package")" || echo "$package"
    done
}

install_packages() {  # install_packages SECTION...
    local missing package names=()
    missing=$(missing_packages "$@")
    [ -n "$missing" ] || return 0
    command -v apt-get >/dev/null || fail "these are missing and there is no apt-get; install them: $(echo $missing)"
    [ "$(id -u)" = 0 ] || command -v sudo >/dev/null || fail "run as root or install sudo; needed: $(echo $missing)"
    echo "      installing $(echo "$missing" | wc -l) Debian packages (log: $log_folder/packages.log)"
    as_root apt-get update >"$log_folder/packages.log" 2>&1 ||
        fail "apt-get update; check the network and /etc/apt, then again (log: $log_folder/packages.log)"
    for package in $missing; do
        if apt-cache show "$package" >/dev/null 2>&1; then names+=("$package"); else names+=("$(without_number "$package")"); fi
    done
    # The package would start a cluster of its own, which nobody needs here.
    if printf '%s\n' "${names[@]}" | grep -qx postgresql && [ ! -e /etc/postgresql-common/createcluster.conf ]; then
        as_root mkdir -p /etc/postgresql-common
        echo "create_main_cluster = false" | as_root tee /etc/postgresql-common/createcluster.conf >/dev/null
    fi
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${names[@]}" \
        >>"$log_folder/packages.log" 2>&1 || fail "apt-get install; the reason is at the end of $log_folder/packages.log"
}

# As many compilers at once as the memory holds: the largest source takes about 1.9 GB.
jobs_that_fit() {
    local cores memory
    cores=$(nproc)
    memory=$(($(awk '/MemAvailable/ {print $2}' /proc/meminfo) / 1900000))
    [ "$memory" -ge 1 ] || memory=1
    echo $((cores < memory ? cores : memory))
}

show_progress_of() {  # show_progress_of PID LOG: the last [n/m] of ninja, until the process ends
    local shown= now
    while kill -0 "$1" 2>/dev/null; do
        sleep 1
        now=$(grep -o '^\[[0-9]*/[0-9]*\]' "$2" 2>/dev/null | tail -n 1 || true)
        [ -n "$now" ] && [ "$now" != "$shown" ] || continue
        if [ -t 1 ]; then
            printf '\r      %s %ds ' "$now" "$((SECONDS - began))"
        elif [ $((SECONDS % 15)) = 0 ]; then
            printf '      %s %ds\n' "$now" "$((SECONDS - began))"
        else
            continue
        fi
        shown=$now
    done
    [ ! -t 1 ] || printf '\r\033[K'
}

build() { build_in build "$preset" "$@"; }  # build TARGET...

build_in() {  # build_in FOLDER PRESET TARGET...
    local folder=$1 log=$log_folder/$1.log pid
    cmake --preset "$2" >"$log_folder/configure.log" 2>&1 ||
        fail "configuring the build; the reason is at the end of $log_folder/configure.log"
    shift 2
    ninja -C "$folder" -j "$(jobs_that_fit)" "$@" >"$log" 2>&1 &
    pid=$!
    show_progress_of "$pid" "$log"
    wait "$pid" || fail "the build; the first error: $(grep -m1 'error:' "$log" || grep -m1 -A3 FAILED "$log" || echo "see $log") (log: $log)"
}

uses_private_cluster() { [ -z "${TRUNKLINE_DATABASE_DSN:-}" ] && grep -q '"cluster:var/pg"' trunkline.yaml; }

start_database() {
    uses_private_cluster || return 0
    db/cluster start var/pg || exit 1
}
