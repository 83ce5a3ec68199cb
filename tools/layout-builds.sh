#!/usr/bin/env bash
# Unpacks the interpreters that distributions ship, each with its debug files, for tools/Hognose.LayoutMaker to read. Nothing of them is run.
#
#   tools/layout-builds.sh [VERSION…]     all of the list below, or those that begin with VERSION
#
# The cache (by default ~/.cache/hognose/layout-builds) then holds one folder a micro version (3.14.4/usr/bin/python3.14, 3.14.4/usr/lib/debug/…).
# Packages are checked against the checksum in the suite's index; the result is numbers that a person reviews as a diff.
set -euo pipefail

cache=${HOGNOSE_LAYOUT_BUILDS:-${XDG_CACHE_HOME:-$HOME/.cache}/hognose/layout-builds}
debian=http://deb.debian.org/debian
ubuntu=http://archive.ubuntu.com/ubuntu

# mirror suite components minor
suites="
$ubuntu focal-updates main,universe 3.8
$debian bullseye main 3.9
$ubuntu jammy-updates main 3.10
$debian bookworm main 3.11
$ubuntu noble-updates main 3.12
$debian trixie main 3.13
$ubuntu questing-updates main,universe 3.13
$ubuntu questing-updates main,universe 3.14
$ubuntu resolute-updates main,universe 3.14
$ubuntu stonking main,universe 3.14
$ubuntu stonking main,universe 3.15
"

say() { printf 'layout-builds: %s\n' "$*" >&2; }
stop() { say "$*"; exit 2; }

main() {
    local mirror suite components minor
    mkdir -p "$cache/index"
    while read -r mirror suite components minor; do
        [[ -z $mirror ]] || unpack_build "$mirror" "$suite" "$components" "$minor" "$@"
    done <<<"$suites"
}

unpack_build() {
    local mirror=$1 suite=$2 components=$3 minor=$4 version folder package
    shift 4
    version=$(field "$mirror" "$suite" "$components" "python$minor-minimal" Version)
    [[ -n $version ]] || { say "$suite has no python$minor any more"; return; }
    folder=$cache/${version%%[-~+]*}
    wanted "${folder##*/}" "$@" || return 0
    [[ ! -e $folder/.whole ]] || return 0
    rm -rf "$folder" && mkdir -p "$folder"
    for package in "python$minor-minimal" "libpython$minor-stdlib" "python$minor-dbg" "libpython$minor-dbg"; do
        unpack_package "$mirror" "$suite" "$components" "$package" "$folder"
    done
    echo "$mirror $suite $version" >"$folder/.whole"
    say "${folder##*/} from $suite is ready"
}

wanted() {
    local version=$1 prefix
    shift
    (($# > 0)) || return 0
    for prefix in "$@"; do [[ $version == "$prefix"* ]] && return 0; done
    return 1
}

unpack_package() {
    local mirror=$1 suite=$2 components=$3 package=$4 folder=$5 name sum bits
    name=$(field "$mirror" "$suite" "$components" "$package" Filename)
    [[ -n $name ]] || return 0       # the debug files of the extension modules stand in one of the two -dbg packages, by release
    for bits in 256 512; do          # younger suites carry SHA-512 only
        sum=$(field "$mirror" "$suite" "$components" "$package" "SHA$bits")
        [[ -z $sum ]] || break
    done
    curl -fsS "$mirror/$name" -o "$cache/package.deb" || stop "$mirror/$name could not be downloaded"
    echo "$sum  $cache/package.deb" | "sha${bits}sum" --quiet -c || stop "$package of $suite is not what its index says"
    dpkg-deb --fsys-tarfile "$cache/package.deb" |
        tar -x -C "$folder" --wildcards './usr/bin/python3.*' './usr/lib/python3.*/lib-dynload/*' './usr/lib/debug/.build-id/*' 2>/dev/null || true
    rm "$cache/package.deb"
}

# field MIRROR SUITE COMPONENTS PACKAGE NAME: one field of the package in the suite's index, the highest version's (an index holds one).
field() {
    local mirror=$1 suite=$2 components=$3 package=$4 name=$5 component index
    for component in ${components//,/ }; do
        index=$cache/index/$suite-$component
        [[ -e $index ]] || curl -fsS "$mirror/dists/$suite/$component/binary-amd64/Packages.xz" | xz -dc >"$index"
        awk -v package="$package" -v name="$name:" '$1 == "Package:" { found = $2 == package } found && $1 == name { print $2; exit }' "$index"
    done | head -n 1
}

main "$@"
