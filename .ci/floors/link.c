/* A line with a delay between this network namespace and a new one: 10.99.0.1 here, 10.99.0.2 there.
 * Packets are kept for so many milliseconds in each direction, and never dropped or slowed down.
 * usage: link MILLISECONDS        says "ready PID"; the other side is the network of that process */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 65536, LINES = 2 };

struct packet {
  struct packet *next;
  long long due;
  size_t size;
  char bytes[];
};
struct line {
  int from, to;
  struct packet *first, **last;
};

static long long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static int plug(const char *name, const char *address) {
  struct ifreq wish = {.ifr_flags = IFF_TUN | IFF_NO_PI};
  char command[256];
  int device = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  strcpy(wish.ifr_name, name);
  if (device < 0 || ioctl(device, TUNSETIFF, &wish)) return -1;
  snprintf(command, sizeof command,
           "ip link set lo up && ip addr add %s/24 dev %s && ip link set %s txqueuelen 100000 up",
           address, name, name);
  return system(command) ? -1 : device;
}

static void take(struct line *line, long long delay) {
  static char block[MOST];
  for (ssize_t size; (size = read(line->from, block, sizeof block)) > 0;) {
    struct packet *one = malloc(sizeof *one + (size_t)size);
    if (!one) abort();
    one->next = NULL, one->due = now() + delay, one->size = (size_t)size;
    memcpy(one->bytes, block, (size_t)size);
    *line->last = one;
    line->last = &one->next;
  }
}

static void give(struct line *line) {
  long long time = now();
  for (struct packet *one; (one = line->first) && one->due <= time;) {
    /* What the other side never takes is lost, as on any line; it must not hold up the rest. */
    if (write(line->to, one->bytes, one->size) < 0 && errno == EAGAIN) return;
    line->first = one->next;
    if (!line->first) line->last = &line->first;
    free(one);
  }
}

int main(int count, char **words) {
  if (count != 2) return 64;
  long long delay = atoll(words[1]) * 1000000;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  int here = plug("near", "10.99.0.1");
  if (here < 0 || unshare(CLONE_NEWNET)) return 71;
  int there = plug("far", "10.99.0.2");
  int clock = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
  if (there < 0 || clock < 0) return 71;
  struct line lines[LINES] = {{here, there, NULL, NULL}, {there, here, NULL, NULL}};
  for (int one = 0; one < LINES; one++) lines[one].last = &lines[one].first;
  printf("ready %d\n", getpid());
  fflush(stdout);
  for (;;) {
    long long next = 0;
    for (int one = 0; one < LINES; one++)
      if (lines[one].first && (!next || lines[one].first->due < next)) next = lines[one].first->due;
    struct itimerspec alarm = {{0, 0}, {next / 1000000000, next % 1000000000}};
    timerfd_settime(clock, TFD_TIMER_ABSTIME, &alarm, NULL);
    struct pollfd news[] = {{here, POLLIN, 0}, {there, POLLIN, 0}, {clock, POLLIN, 0}};
    if (poll(news, 3, -1) < 0) continue;
    for (int one = 0; one < LINES; one++) take(&lines[one], delay), give(&lines[one]);
  }
}
