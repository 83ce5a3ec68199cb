#!/usr/bin/env bash
# Unpacks the CPythons that only Debian's next releases carry, with the libc they need, into a folder of their own.
# Nothing is installed: apt resolves and downloads in a private state, dpkg-deb unpacks.
#
#   tools/debian-pythons.sh              fill the cache (nothing is done when it is full)
#   tools/debian-pythons.sh --refresh    take what the suites carry today
#   tools/debian-pythons.sh --debug      also debug files (for tools that read layouts) and one debug build, +250 MB to fetch
#   tools/debian-pythons.sh --refused    also what Hognose refuses, for its tests, +140 MB to fetch
#
# The cache (HOGNOSE_PYTHONS, by default ~/.cache/hognose/pythons) then holds
#   python3.13 python3.14 python3.15     run like any interpreter (program interpreter and library path patched)
#   python3.X-loader                     the untouched executable, started through its own dynamic loader
#   unpacked/                            the file trees themselves
# and with --debug
#   python3.14d                          a debug build, which Hognose refuses
#   debug/usr/lib/debug/.build-id/       debug files of these and of the suite's own python3
# and with --refused, in a tree of its own (refused/)
#   python3.14d pypy3.11                 a debug build; PyPy (free-threaded builds are in no suite of Debian's)
set -euo pipefail

versions=(3.13 3.14 3.15)
suites=(sid testing)          # the first suite that carries a package with the higher version wins
recipe=3                      # raise when this script unpacks something else, so that old caches are filled anew

here=$(cd "$(dirname "$0")" && pwd)
cache=${HOGNOSE_PYTHONS:-${XDG_CACHE_HOME:-$HOME/.cache}/hognose/pythons}
stamp=$cache/.filled-by-recipe
refused_stamp=$cache/.refused-by-recipe
with_debug=
with_refused=
debug_build=3.14d
tree=$cache/unpacked
private=$cache/.apt

say() { printf 'debian-pythons: %s\n' "$*" >&2; }
stop() { say "$*"; exit 2; }

main() {
    local option
    for option in "$@"; do
        case $option in
            --refresh) rm -f "$stamp" "$refused_stamp" ;;
            --debug) with_debug=yes ;;
            --refused) with_refused=yes ;;
            *) stop "unknown option $option: there are --refresh, --debug and --refused" ;;
        esac
    done
    if is_full && has_refused; then return; fi
    require_debian
    mkdir -p "$cache"
    exec 9>"$cache/.lock"
    flock 9
    # Another call may have filled it while we waited.
    is_full || fill
    has_refused || fill_refused
    rm -rf "$private"
}

fill() {
    local version
    rm -rf "$tree" "$private" "$cache/debug" "$cache"/python3.* "$stamp" "$refused_stamp"
    mkdir -p "$tree"
    prepare_private_apt
    unpack_interpreters
    [[ -z $with_debug ]] || unpack_debug_files
    for version in "${versions[@]}"; do make_runnable "python$version" && compile_library "$version"; done
    [[ -z $with_debug ]] || { make_runnable "python$debug_build" && compile_library "$debug_build"; }
    echo "$recipe$with_debug" >"$stamp"
}

fill_refused() {
    tree=$cache/refused
    rm -rf "$tree" "$private"
    mkdir -p "$tree"
    prepare_private_apt
    say "downloading $debug_build and pypy3 with the libc they need"
    apt_in next apt-get -qq --yes --download-only install "python${debug_build%d}-dbg" pypy3 </dev/null >/dev/null ||
        stop "apt could not resolve or download python${debug_build%d}-dbg and pypy3 from ${suites[*]}"
    unpack_downloaded "$tree"
    rm -rf "$tree/usr/lib/debug"
    make_runnable "python$debug_build"
    make_runnable "$(readlink "$tree/usr/bin/pypy3")"
    echo "$recipe" >"$refused_stamp"
}

# A cache with debug files also serves who doesn't ask for them.
is_full() { [[ -e $stamp ]] && [[ $(<"$stamp") == "${recipe}yes" || -z $with_debug && $(<"$stamp") == "$recipe" ]]; }

has_refused() { [[ -z $with_refused ]] || [[ -e $refused_stamp && $(<"$refused_stamp") == "$recipe" ]]; }

require_debian() {
    local tool
    for tool in apt-get apt-cache dpkg-deb; do
        command -v "$tool" >/dev/null || stop "$tool is missing: this script needs a Debian machine; other systems bring their own Pythons (HOGNOSE_TEST_PYTHONS lists more)"
    done
    . /etc/os-release
    [[ ${ID:-} == debian ]] || stop "this is ${PRETTY_NAME:-not Debian}: the packages come from Debian's suites; list other Pythons in HOGNOSE_TEST_PYTHONS"
    [[ $(dpkg --print-architecture) == amd64 ]] || stop "only amd64 is unpacked here, this machine is $(dpkg --print-architecture)"
    codename=$VERSION_CODENAME
    mirror=$(system_mirror)
    [[ -n $mirror ]] || stop "no mirror that serves $codename is named in /etc/apt/sources.list or /etc/apt/sources.list.d"
}

# The mirror that the system itself uses for its release, from either form of source file.
system_mirror() {
    local files=(/etc/apt/sources.list /etc/apt/sources.list.d/*)
    awk -v codename="$codename" '
        function offer(uri, suite) { if (suite == codename && !found) { print uri; found = 1 } }
        FNR == 1             { uri = "" }
        /^[[:space:]]*#/     { next }
        /^URIs:/             { uri = $2 }
        /^Suites:/           { for (i = 2; i <= NF; i++) offer(uri, $i) }
        /^[[:space:]]*deb /  { sub(/\[[^]]*\]/, ""); offer($2, $3) }
    ' $(ls "${files[@]}" 2>/dev/null | grep -E '\.(list|sources)$')
}

prepare_private_apt() {
    mkdir -p "$private"/{next,own}/lists/partial "$private"/{archives/partial,none}
    : >"$private/status"        # an empty system: apt then names every package down to libc
    local keyring=/usr/share/keyrings/debian-archive-keyring.gpg suite
    for suite in "${suites[@]}"; do echo "deb [signed-by=$keyring] $mirror $suite main"; done >"$private/next.list"
    echo "deb [signed-by=$keyring] $mirror $codename main" >"$private/own.list"
    say "reading what ${suites[*]} carry"
    apt_in next apt-get -qq update || stop "the package lists of ${suites[*]} could not be read from $mirror"
}

# apt_in next|own PROGRAM …: apt with nothing of the system's state but its configuration of proxies and mirrors.
apt_in() {
    local which=$1 program=$2
    shift 2
    "$program" -o Dir::State="$private/$which" -o Dir::State::lists="$private/$which/lists" -o Dir::State::status="$private/status" \
        -o Dir::Cache="$private/$which" -o Dir::Cache::archives="$private/archives" -o Dir::Etc::sourcelist="$private/$which.list" -o Dir::Etc::sourceparts="$private/none" \
        -o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts="$private/none" \
        -o APT::Install-Recommends=0 -o APT::Sandbox::User="$(id -un)" -o Debug::NoLocking=1 -o Acquire::Languages=none \
        -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false "$@"
}

unpack_interpreters() {
    local packages=() version
    for version in "${versions[@]}"; do packages+=("python$version" "libpython$version"); done
    say "downloading ${versions[*]} with the libc they need"
    apt_in next apt-get -qq --yes --download-only install "${packages[@]}" </dev/null >/dev/null ||
        stop "apt could not resolve or download python3.13 … python3.15 from ${suites[*]}"
    unpack_downloaded "$tree"
    # The test suites depend on packages that only their network tests need.
    for version in "${versions[@]}"; do download_alone next "libpython$version-testsuite"; done
    unpack_downloaded "$tree"
}

unpack_debug_files() {
    local version minor
    say "downloading debug files"
    for version in "${versions[@]}"; do download_alone next "python$version-dbg"; done
    apt_in own apt-get -qq update || stop "the package lists of $codename could not be read from $mirror"
    if minor=$(/usr/bin/python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null); then
        download_alone own "python$minor-dbg"
    fi
    download_alone next "libpython${debug_build%d}-dbg"
    dpkg-deb -x "$private/archives/libpython${debug_build%d}-dbg_"*.deb "$tree"
    dpkg-deb -x "$private/archives/python${debug_build%d}-dbg_"*.deb "$tree"
    rm "$private/archives/libpython${debug_build%d}-dbg_"*.deb
    mkdir -p "$cache/debug"
    unpack_downloaded "$cache/debug" ./usr/lib/debug
    rm -rf "$tree/usr/lib/debug"
}

download_alone() {
    local which=$1 package=$2
    (cd "$private/archives" && apt_in "$which" apt-get -qq download "$package") || stop "$package could not be downloaded"
}

# unpack_downloaded FOLDER [PATH]: unpacks every package fetched so far (only PATH of it), then forgets it.
unpack_downloaded() {
    local into=$1 only=${2:-} package
    for package in "$private"/archives/*.deb; do
        if [[ -n $only ]]; then
            dpkg-deb --fsys-tarfile "$package" | tar -x -C "$into" --wildcards "$only/*" || stop "$(basename "$package") holds no $only"
        else
            dpkg-deb -x "$package" "$into" || stop "$(basename "$package") could not be unpacked"
        fi
        rm "$package"
    done
}

make_runnable() {
    local name=$1 bin=$tree/usr/bin lib=$tree/usr/lib/x86_64-linux-gnu
    local loader=$tree/lib64/ld-linux-x86-64.so.2
    [[ -e $loader ]] || loader=$tree/usr/lib64/ld-linux-x86-64.so.2

    mv "$bin/$name" "$bin/$name-untouched"
    "$loader" --library-path "$lib" --argv0 "$bin/$name" "$bin/$name-untouched" \
        "$here/relocate-executable.py" "$bin/$name-untouched" "$bin/$name" "$loader" "$lib"
    chmod +x "$bin/$name"
    # Through --argv0 the interpreter finds its library beside this script and names the script as sys.executable.
    cat >"$bin/$name-loader" <<SCRIPT
#!/bin/sh
exec '$loader' --library-path '$lib' --argv0 "\$0" '$bin/$name-untouched' "\$@"
SCRIPT
    chmod +x "$bin/$name-loader"
    local form
    for form in "$name" "$name-loader"; do
        ln -sfn "${tree##*/}/usr/bin/$form" "$cache/$form"
        check_runs "$cache/$form"
    done
    say "$("$cache/$name" --version) is ready: $cache/$name"
}

# What a package's postinst does; without it each start of the interpreter compiles its modules anew.
compile_library() {
    env -u PYTHONDONTWRITEBYTECODE "$cache/python$1" -m compileall -q -j0 -x '/(test|lib2to3|idlelib)/' "$tree/usr/lib/python${1%d}" ||
        say "some modules of $1 could not be compiled; they will be at each start"
}

check_runs() {
    local child="import ssl, sqlite3, ctypes, lzma, sys; assert sys.prefix.startswith('$tree/'), sys.prefix"
    "$1" -c "import subprocess, sys; $child; subprocess.check_call([sys.executable, '-c', sys.argv[1]])" "$child" >/dev/null ||
        stop "$1 was unpacked but does not run"
}

main "$@"
