/* A clock that a test sets, for one process and its children (LD_PRELOAD).
 *
 * Two offsets in nanoseconds lie in a file that test and process share:
 * "passed" is added to every clock, as if so much time had gone by; "set" to
 * the wall clock alone, as if somebody had set it. Nothing is as wrong as a
 * machine's clock can be, and no test may set that of its machine. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile int64_t *offsets;
static int (*real)(clockid_t, struct timespec *);

__attribute__((constructor)) static void prepare(void) {
    real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    const char *name = getenv("TEST_CLOCK");
    int file = name ? open(name, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0)
        return;
    void *page = mmap(NULL, 2 * sizeof *offsets, PROT_READ, MAP_SHARED, file, 0);
    close(file);
    if (page != MAP_FAILED)
        offsets = page;
}

int clock_gettime(clockid_t clock, struct timespec *at) {
    if (!real)
        prepare();
    int result = real(clock, at);
    if (result != 0 || !offsets)
        return result;
    int wall = clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE;
    int monotonic = clock == CLOCK_MONOTONIC || clock == CLOCK_MONOTONIC_COARSE ||
                    clock == CLOCK_MONOTONIC_RAW || clock == CLOCK_BOOTTIME;
    if (!wall && !monotonic)
        return result;
    int64_t nanoseconds = at->tv_nsec + offsets[0] % 1000000000;
    int64_t seconds = at->tv_sec + offsets[0] / 1000000000;
    if (wall) {
        nanoseconds += offsets[1] % 1000000000;
        seconds += offsets[1] / 1000000000;
    }
    while (nanoseconds < 0) {
        nanoseconds += 1000000000;
        seconds--;
    }
    at->tv_sec = seconds + nanoseconds / 1000000000;
    at->tv_nsec = nanoseconds % 1000000000;
    return 0;
}

time_t time(time_t *out) {
    struct timespec at;
    clock_gettime(CLOCK_REALTIME, &at);
    if (out)
        *out = at.tv_sec;
    return at.tv_sec;
}

int gettimeofday(struct timeval *restrict at, void *restrict zone) {
    (void)zone;
    struct timespec exact;
    clock_gettime(CLOCK_REALTIME, &exact);
    at->tv_sec = exact.tv_sec;
    at->tv_usec = exact.tv_nsec / 1000;
    return 0;
}
