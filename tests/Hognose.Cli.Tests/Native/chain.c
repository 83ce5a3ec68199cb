#define _GNU_SOURCE
#include <dlfcn.h>
#include <execinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <ucontext.h>
#include <pthread.h>

/* What glibc's own unwinder says of the place that a marked allocation is made from: function@library@where it lies@address of the call. */
static void tell(const char *label)
{
    void *frames[256];
    int count = backtrace(frames, 256);
    printf("%s", label);
    for (int i = 0; i < count; i++) {
        Dl_info info = {"", 0, 0, 0};
        int known = dladdr((char *)frames[i] - 1, &info) && info.dli_sname;
        printf(" %s@%s@%lx@%lx", known ? info.dli_sname : "?", info.dli_fname, (unsigned long)info.dli_fbase, (unsigned long)frames[i] - 1);
    }
    printf("\n");
    fflush(stdout);
}

__attribute__((noinline)) void *chain_innermost(size_t size)
{
    tell("chain");
    void *block = malloc(size); /* marked */
    __asm__ volatile("" ::: "memory");
    return block;
}

/* Has no frame of its own. */
static inline __attribute__((always_inline)) void *chain_inlined(size_t size)
{
    void *block = chain_innermost(size);
    __asm__ volatile("" ::: "memory");
    return block;
}

/* A frame whose size is known only while it runs: counted from rbp. */
__attribute__((noinline)) void *chain_variable(size_t size, int room)
{
    volatile char *some = __builtin_alloca(room);
    some[0] = 1;
    void *block = chain_inlined(size + some[0] - 1);
    some[0] = 2;
    return block;
}

__attribute__((noinline)) void *chain_with(void *(*call)(size_t), size_t size)
{
    void *block = call(size);
    __asm__ volatile("" ::: "memory");
    return block;
}

static ucontext_t here, there;
static void *(*called)(size_t);

static void elsewhere(void)
{
    for (size_t i = 1; i <= 300; i++)
        free(chain_with(called, i));
}

/* Calls back on a stack of its own making. */
void chain_switched(void *(*call)(size_t))
{
    static char stack[1 << 18];
    called = call;
    getcontext(&there);
    there.uc_stack.ss_sp = stack;
    there.uc_stack.ss_size = sizeof stack;
    there.uc_link = &here;
    makecontext(&there, elsewhere, 0);
    swapcontext(&here, &there);
}

static void *in_thread(void *size)
{
    return chain_with(malloc, (size_t)size);
}

void chain_thread(size_t size)
{
    pthread_t thread;
    void *block = 0;
    pthread_create(&thread, 0, in_thread, (void *)size);
    pthread_join(thread, &block);
}
