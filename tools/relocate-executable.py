"""Gives an ELF executable another program interpreter and library path without moving anything in it.

    relocate-executable.py IN OUT INTERPRETER LIBRARY_PATH

Both strings go into the unused end of the last page of a read-only segment, the program header of the interpreter is pointed at the
first, and a spare null entry of the dynamic section (or an older library path) becomes DT_RPATH for the second. DT_RPATH, not DT_RUNPATH: only the former
also serves what extension modules link to. (patchelf 0.18 lays out overlapping segments for Debian's non-PIE python3.13.)
"""
import struct
import sys

PT_LOAD, PT_DYNAMIC, PT_INTERP = 1, 2, 3
DT_NULL, DT_STRTAB, DT_RPATH, DT_RUNPATH = 0, 5, 15, 29
PAGE = 4096


def main(source, destination, interpreter, library_path):
    with open(source, "rb") as file:
        image = bytearray(file.read())
    headers = program_headers(image)
    text = interpreter.encode() + b"\0"
    paths = text + library_path.encode() + b"\0"
    offset, address = room_for(paths, image, headers)
    image[offset:offset + len(paths)] = paths

    for at, header in headers:
        if header[0] == PT_INTERP:
            # The kernel reads the path from the file; ld.so's view of it in memory (p_vaddr) stays the soname it matches against.
            kind, flags, _, vaddr, paddr, _, memsz, align = header
            struct.pack_into("<IIQQQQQQ", image, at, kind, flags, offset, vaddr, paddr, len(text), memsz, align)
    set_rpath(image, headers, address + len(text))
    with open(destination, "wb") as file:
        file.write(image)


def program_headers(image):
    if image[:6] != b"\x7fELF\x02\x01":
        sys.exit("not a little-endian 64-bit ELF file")
    start, size, count = struct.unpack_from("<Q", image, 32)[0], *struct.unpack_from("<HH", image, 54)
    return [(start + i * size, struct.unpack_from("<IIQQQQQQ", image, start + i * size)) for i in range(count)]


def room_for(paths, image, headers):
    for _, (kind, flags, offset, vaddr, _, filesz, memsz, _) in headers:
        end = offset + filesz
        page_end = -(-end // PAGE) * PAGE
        fits = page_end - end >= len(paths) and not any(image[end:end + len(paths)])
        if kind == PT_LOAD and not flags & 2 and filesz == memsz and fits:
            return end, vaddr + filesz
    sys.exit("no read-only segment has room for %d bytes behind its end" % len(paths))


def set_rpath(image, headers, address):
    dynamic = next(header for _, header in headers if header[0] == PT_DYNAMIC)
    entries = [(at,) + struct.unpack_from("<qQ", image, at) for at in range(dynamic[2], dynamic[2] + dynamic[5], 16)]
    strings = next(value for _, tag, value in entries if tag == DT_STRTAB)
    older = [at for at, tag, _ in entries if tag in (DT_RPATH, DT_RUNPATH)]
    spare = [at for at, tag, _ in entries if tag == DT_NULL][:-1]
    if len(older) > 1 or not older + spare:
        sys.exit("the dynamic section has no spare entry, or two library paths")
    struct.pack_into("<qQ", image, (older + spare)[0], DT_RPATH, address - strings)


main(*sys.argv[1:])
