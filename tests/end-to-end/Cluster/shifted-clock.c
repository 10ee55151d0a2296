// The time of day, off by CLOCK_SHIFT_SECONDS, for a process that is started with this library in LD_PRELOAD. The monotonic clock stays as
// it is, and so does how long a wait takes: .NET's end at a time of the monotonic clock, librdkafka's at a time of day. (libfaketime 0.9.10
// takes both for the same kind, so that one of the two ends at once and its threads spin.)
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/time.h>
#include <threads.h>
#include <time.h>

static int (*real_clock_gettime)(clockid_t, struct timespec *);
static int (*real_timedwait)(cnd_t *, mtx_t *, const struct timespec *);
static long shift_seconds;

__attribute__((constructor)) static void begin(void)
{
    const char *shift = getenv("CLOCK_SHIFT_SECONDS");
    shift_seconds = shift ? atol(shift) : 0;
}

int clock_gettime(clockid_t clock, struct timespec *at)
{
    if (!real_clock_gettime)
        real_clock_gettime = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    int result = real_clock_gettime(clock, at);
    if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
        at->tv_sec += shift_seconds;
    return result;
}

// librdkafka's waits; .NET's are pthread_cond_timedwait's, by the monotonic clock.
int cnd_timedwait(cnd_t *restrict condition, mtx_t *restrict mutex, const struct timespec *restrict until)
{
    struct timespec real_until = *until;
    if (!real_timedwait)
        real_timedwait = (int (*)(cnd_t *, mtx_t *, const struct timespec *))dlsym(RTLD_NEXT, "cnd_timedwait");
    real_until.tv_sec -= shift_seconds;
    return real_timedwait(condition, mutex, &real_until);
}

int gettimeofday(struct timeval *restrict at, void *restrict zone)
{
    struct timespec now;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &now);
    at->tv_sec = now.tv_sec;
    at->tv_usec = now.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *at)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (at)
        *at = now.tv_sec;
    return now.tv_sec;
}
