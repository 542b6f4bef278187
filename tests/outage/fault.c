/* Disks that fail when a test says so, for one process and its children
 * (LD_PRELOAD, beside clock.c).
 *
 * The file that TEST_FAULTS names holds one line a fault: an error number, the
 * calls that fail ("write", "sync", "rename", "make", joined by commas), and
 * how the paths begin that they fail for, to the end of the line. It is read
 * again whenever it changes, so that faults come and go under a running
 * process; an empty file is a sound disk. What a process only reads is left
 * alone, and so are pipes: a child that reads a workbook meets none of it. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { MOST = 16 };

struct fault {
    int error;
    char calls[64];
    char start[PATH_MAX];
};

static struct fault faults[MOST];
static int known;
static struct timespec read_at;
static off_t read_size = -1;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

#define REAL(name, ...) \
    static int (*real)(__VA_ARGS__); \
    if (!real) \
        real = (int (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

/* By system call: our own open must not come back to us. */
static int raw_open(const char *path) {
    return (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
}

static void read_faults(void) {
    const char *name = getenv("TEST_FAULTS");
    struct stat now;
    if (!name || stat(name, &now) != 0) {
        known = 0;
        return;
    }
    if (now.st_size == read_size && now.st_mtim.tv_sec == read_at.tv_sec &&
        now.st_mtim.tv_nsec == read_at.tv_nsec)
        return;
    static char text[MOST * (PATH_MAX + 80)];
    int file = raw_open(name);
    if (file < 0)
        return;
    ssize_t size = read(file, text, sizeof text - 1);
    close(file);
    if (size < 0)
        return;
    text[size] = 0;
    read_size = now.st_size;
    read_at = now.st_mtim;
    known = 0;
    char *rest = NULL;
    for (char *line = strtok_r(text, "\n", &rest); line && known < MOST; line = strtok_r(NULL, "\n", &rest)) {
        struct fault *fault = &faults[known];
        if (sscanf(line, "%d %63s %4095[^\n]", &fault->error, fault->calls, fault->start) == 3)
            known++;
    }
}

/* The error that a call meets at a path; 0 if it goes well. */
static int met(const char *call, const char *path) {
    if (!path || path[0] != '/')
        return 0;
    int error = 0, before = errno;
    pthread_mutex_lock(&lock);
    read_faults();
    for (int at = 0; at < known && !error; at++)
        if (strncmp(path, faults[at].start, strlen(faults[at].start)) == 0 && strstr(faults[at].calls, call))
            error = faults[at].error;
    pthread_mutex_unlock(&lock);
    errno = before;
    return error;
}

static int met_by(const char *call, int file) {
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t size = readlink(link, path, sizeof path - 1);
    if (size <= 0)
        return 0;
    path[size] = 0;
    return met(call, path);
}

/* A path as seen from a folder: names relative to one are made whole. */
static const char *whole(int folder, const char *path, char *room) {
    if (!path || path[0] == '/')
        return path;
    char link[64], base[PATH_MAX];
    if (folder == AT_FDCWD)
        snprintf(link, sizeof link, "/proc/self/cwd");
    else
        snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
    ssize_t size = readlink(link, base, sizeof base - 1);
    if (size <= 0)
        return NULL;
    base[size] = 0;
    return snprintf(room, PATH_MAX, "%s/%s", base, path) < PATH_MAX ? room : NULL;
}

#define FAIL_IF(error) \
    do { \
        int met_error = (error); \
        if (met_error) { \
            errno = met_error; \
            return -1; \
        } \
    } while (0)

ssize_t write(int file, const void *bytes, size_t size) {
    static ssize_t (*real)(int, const void *, size_t);
    if (!real)
        real = (ssize_t(*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
    FAIL_IF(met_by("write", file));
    return real(file, bytes, size);
}

ssize_t writev(int file, const struct iovec *parts, int count) {
    static ssize_t (*real)(int, const struct iovec *, int);
    if (!real)
        real = (ssize_t(*)(int, const struct iovec *, int))dlsym(RTLD_NEXT, "writev");
    FAIL_IF(met_by("write", file));
    return real(file, parts, count);
}

ssize_t pwrite(int file, const void *bytes, size_t size, off_t at) {
    static ssize_t (*real)(int, const void *, size_t, off_t);
    if (!real)
        real = (ssize_t(*)(int, const void *, size_t, off_t))dlsym(RTLD_NEXT, "pwrite");
    FAIL_IF(met_by("write", file));
    return real(file, bytes, size, at);
}

ssize_t pwrite64(int file, const void *bytes, size_t size, off64_t at) {
    return pwrite(file, bytes, size, at);
}

ssize_t copy_file_range(int from, off64_t *in, int to, off64_t *out, size_t size, unsigned flags) {
    static ssize_t (*real)(int, off64_t *, int, off64_t *, size_t, unsigned);
    if (!real)
        real = (ssize_t(*)(int, off64_t *, int, off64_t *, size_t, unsigned))dlsym(RTLD_NEXT, "copy_file_range");
    FAIL_IF(met_by("write", to));
    return real(from, in, to, out, size, flags);
}

ssize_t sendfile64(int to, int from, off64_t *at, size_t size) {
    static ssize_t (*real)(int, int, off64_t *, size_t);
    if (!real)
        real = (ssize_t(*)(int, int, off64_t *, size_t))dlsym(RTLD_NEXT, "sendfile64");
    FAIL_IF(met_by("write", to));
    return real(to, from, at, size);
}

int ftruncate(int file, off_t size) {
    REAL("ftruncate", int, off_t);
    FAIL_IF(met_by("write", file));
    return real(file, size);
}

int ftruncate64(int file, off64_t size) {
    return ftruncate(file, size);
}

int posix_fallocate(int file, off_t at, off_t size) {
    REAL("posix_fallocate", int, off_t, off_t);
    int error = met_by("write", file);
    return error ? error : real(file, at, size);
}

int posix_fallocate64(int file, off64_t at, off64_t size) {
    return posix_fallocate(file, at, size);
}

int fsync(int file) {
    REAL("fsync", int);
    FAIL_IF(met_by("sync", file));
    return real(file);
}

int fdatasync(int file) {
    REAL("fdatasync", int);
    FAIL_IF(met_by("sync", file));
    return real(file);
}

int syncfs(int file) {
    REAL("syncfs", int);
    FAIL_IF(met_by("sync", file));
    return real(file);
}

static int met_by_rename(int from_folder, const char *from, int to_folder, const char *to) {
    char room[2][PATH_MAX];
    int error = met("rename", whole(from_folder, from, room[0]));
    return error ? error : met("rename", whole(to_folder, to, room[1]));
}

int rename(const char *from, const char *to) {
    REAL("rename", const char *, const char *);
    FAIL_IF(met_by_rename(AT_FDCWD, from, AT_FDCWD, to));
    return real(from, to);
}

int renameat(int from_folder, const char *from, int to_folder, const char *to) {
    REAL("renameat", int, const char *, int, const char *);
    FAIL_IF(met_by_rename(from_folder, from, to_folder, to));
    return real(from_folder, from, to_folder, to);
}

int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags) {
    REAL("renameat2", int, const char *, int, const char *, unsigned);
    FAIL_IF(met_by_rename(from_folder, from, to_folder, to));
    return real(from_folder, from, to_folder, to, flags);
}

int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags) {
    REAL("linkat", int, const char *, int, const char *, int);
    FAIL_IF(met_by_rename(from_folder, from, to_folder, to));
    return real(from_folder, from, to_folder, to, flags);
}

int link(const char *from, const char *to) {
    REAL("link", const char *, const char *);
    FAIL_IF(met_by_rename(AT_FDCWD, from, AT_FDCWD, to));
    return real(from, to);
}

int mkdir(const char *path, mode_t mode) {
    REAL("mkdir", const char *, mode_t);
    char room[PATH_MAX];
    /* A folder that is there already takes no room. */
    if (access(path, F_OK) != 0)
        FAIL_IF(met("make", whole(AT_FDCWD, path, room)));
    return real(path, mode);
}

/* Whether an open would make a file, which takes room; one that is there is only opened. */
static int met_by_open(int folder, const char *path, int flags) {
    char room[PATH_MAX];
    int makes = (flags & O_TMPFILE) == O_TMPFILE || ((flags & O_CREAT) && faccessat(folder, path, F_OK, 0) != 0);
    return makes ? met("make", whole(folder, path, room)) : 0;
}

static mode_t mode_of(int flags, va_list more) {
    return (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(more, mode_t) : 0;
}

#define OPENS(name) \
    int name(const char *path, int flags, ...) { \
        va_list more; \
        va_start(more, flags); \
        mode_t mode = mode_of(flags, more); \
        va_end(more); \
        FAIL_IF(met_by_open(AT_FDCWD, path, flags)); \
        return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode); \
    }

#define OPENS_AT(name) \
    int name(int folder, const char *path, int flags, ...) { \
        va_list more; \
        va_start(more, flags); \
        mode_t mode = mode_of(flags, more); \
        va_end(more); \
        FAIL_IF(met_by_open(folder, path, flags)); \
        return (int)syscall(SYS_openat, folder, path, flags, mode); \
    }

OPENS(open)
OPENS(open64)
OPENS_AT(openat)
OPENS_AT(openat64)
