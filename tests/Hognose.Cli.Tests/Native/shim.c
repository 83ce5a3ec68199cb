/* A preloaded allocator that counts: all calls pass through it, those of libraries loaded before us and after. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stddef.h>
#include <errno.h>

static long blocks, bytes;
static int counts;
extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t), *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);

static void *told(void *block, size_t size) {
    if (block && counts) { __atomic_add_fetch(&blocks, 1, __ATOMIC_RELAXED); __atomic_add_fetch(&bytes, size, __ATOMIC_RELAXED); }
    return block;
}
void *malloc(size_t size) { return told(__libc_malloc(size), size); }
void *calloc(size_t count, size_t each) { return told(__libc_calloc(count, each), count * each); }
void *realloc(void *block, size_t size) { return told(__libc_realloc(block, size), size); }
void free(void *block) { __libc_free(block); }
void *memalign(size_t alignment, size_t size) { return told(__libc_memalign(alignment, size), size); }
void *aligned_alloc(size_t alignment, size_t size) { return told(__libc_memalign(alignment, size), size); }
void *valloc(size_t size) { return memalign(4096, size); }
int posix_memalign(void **place, size_t alignment, size_t size) { *place = memalign(alignment, size); return *place ? 0 : ENOMEM; }

void shim_begin(void) { blocks = bytes = 0; counts = 1; }
void shim_end(void) { counts = 0; }
long shim_blocks(void) { return blocks; }
long shim_bytes(void) { return bytes; }
