/* Functions of several sizes, one of them local, one in several pieces of lines, two that are put into their callers. */
#include <stdlib.h>

static inline __attribute__((always_inline)) int drawn(int below)
{
    return rand() % below;
}

static inline __attribute__((always_inline)) int drawn_twice(int below)
{
    int first = drawn(below);
    if (first & 1)
        abort();
    return first + drawn(below + 1);
}

static __attribute__((noinline)) int counted(int count)
{
    int sum = 0;
    for (int i = 0; i < count; i++)
        sum += drawn(i + 1);
    return sum;
}

#line 1000 "elsewhere/generated.h"
__attribute__((noinline)) int generated(int count)
{
    return counted(count) + counted(count + 1);
}
#line 20 "symbols.c"

int branches(int which)
{
    switch (which) {
    case 0: return generated(3);
    case 1: return generated(4) * 2;
    case 2: return counted(5);
    default: abort();
    }
}

int longest(int a)
{
    for (int i = 0; i < 100; i++) {
        a += branches(i % 3);
        a ^= generated(a & 7);
        if (a < 0)
            a = counted(-a & 15) + drawn_twice(a);
    }
    return a;
}
