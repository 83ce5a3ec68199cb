/* What a C extension does with memory, and what glibc says of it. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define ROUNDS 1000
#define KINDS 8
static void *kept[KINDS][ROUNDS];

static long in_use(void) { struct mallinfo2 all = mallinfo2(); return (long)(all.uordblks + all.hblkhd); }

static int failed_realloc(void **block) { return realloc(*block, (size_t)1 << 60) == NULL; }

/* What glibc gave beyond what was asked for: a head of 8 bytes, and what was too little for a block of its own. */
static long beyond(int kind, long size) {
    long sum = 0;
    for (int i = 0; i < ROUNDS; i++) sum += 8 + (long)malloc_usable_size(kept[kind][i]) - size;
    return sum;
}

/* Bytes that the heap grew by, less what was not asked for. */
long take(void) {
    long before = in_use();
    for (int i = 0; i < ROUNDS; i++) {
        kept[0][i] = malloc(104);
        kept[1][i] = calloc(5, 40);
        kept[2][i] = realloc(malloc(24), 312);
        kept[3][i] = strdup("a text of thirty-nine characters, zero.");
        kept[4][i] = realloc(NULL, 56);
        if (!failed_realloc(&kept[4][i])) return -1;
        free(malloc(1000));
        free(NULL);
        free(realloc(malloc(24), 0));
    }
    return in_use() - before - beyond(0, 104) - beyond(1, 200) - beyond(2, 312) - beyond(3, 40) - beyond(4, 56);
}

/* Aligned blocks leave remainders in the heap, so that glibc cannot say their sum. */
int take_aligned(void) {
    for (int i = 0; i < ROUNDS; i++) {
        if (posix_memalign(&kept[5][i], 64, 408)) return -1;
        kept[6][i] = aligned_alloc(64, 520);
        kept[7][i] = memalign(32, 616);
        free(valloc(5000));
    }
    return 0;
}

void give(void) {
    for (int kind = 0; kind < KINDS; kind++)
        for (int i = 0; i < ROUNDS; i++)
            free(kept[kind][i]);
}

/* 5 MB mapped, of which 2 pages in the middle and the last 2 pages go; 1 MB becomes 3 MB; 7 MB come and go. */
int map_some(void) {
    char *first = mmap(NULL, 5000000, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    char *second = mmap(NULL, 1000000, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    char *third = mmap(NULL, 7000000, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (first == MAP_FAILED || second == MAP_FAILED || third == MAP_FAILED) return -1;
    if (munmap(first + 409600, 8192) || munmap(first + 4993024, 8192) || munmap(third, 7000000)) return -1;
    return mremap(second, 1000000, 3000000, MREMAP_MAYMOVE) == MAP_FAILED ? -1 : 0;
}

static void *in_thread(void *unused) {
    for (int i = 0; i < 1000; i++) free(malloc(64));
    return malloc(7768);
}

/* Threads that Python knows nothing of; each leaves a block behind. */
void threads(int count) {
    pthread_t all[64];
    for (int i = 0; i < count; i++) pthread_create(&all[i], NULL, in_thread, NULL);
    for (int i = 0; i < count; i++) pthread_join(all[i], NULL);
}

/* Whose scope dlsym searches is told by who called it. */
void *look_up(const char *name) { return dlsym(RTLD_DEFAULT, name); }
void *look_up_next(const char *name) { return dlsym(RTLD_NEXT, name); }

/* Where the slot of malloc leads now. */
void *slot(void) { return (void *)malloc; }
