/* The floor of a scan: two threads list directories and look at every entry, and nothing else.
 * usage: scan2 DIRECTORY        prints how many objects it met */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Directories that nobody has listed yet. */
static char **queue;
static size_t waiting, room, busy;
static long met;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t change = PTHREAD_COND_INITIALIZER;

static void push(char *path) {
  pthread_mutex_lock(&lock);
  if (waiting == room) {
    room = room ? room * 2 : 1024;
    queue = realloc(queue, room * sizeof *queue);
    if (!queue) abort();
  }
  queue[waiting++] = path;
  pthread_cond_signal(&change);
  pthread_mutex_unlock(&lock);
}

/* The next directory; NULL when all are done. */
static char *pop(void) {
  pthread_mutex_lock(&lock);
  while (!waiting && busy) pthread_cond_wait(&change, &lock);
  char *path = waiting ? queue[--waiting] : NULL;
  if (path) busy++;
  pthread_mutex_unlock(&lock);
  return path;
}

static void done(long count) {
  pthread_mutex_lock(&lock);
  busy--;
  met += count;
  pthread_cond_broadcast(&change);
  pthread_mutex_unlock(&lock);
}

struct record {
  unsigned long long inode, offset;
  unsigned short length;
  unsigned char type;
  char name[];
};

static long list(const char *path) {
  static __thread char block[65536];
  int directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return 0;
  long count = 0, size;
  while ((size = syscall(SYS_getdents64, directory, block, sizeof block)) > 0) {
    for (long at = 0; at < size;) {
      struct record *item = (struct record *)(block + at);
      at += item->length;
      if (!strcmp(item->name, ".") || !strcmp(item->name, "..")) continue;
      struct stat seen;
      if (fstatat(directory, item->name, &seen, AT_SYMLINK_NOFOLLOW)) continue;
      count++;
      if (!S_ISDIR(seen.st_mode)) continue;
      char *child;
      if (asprintf(&child, "%s/%s", path, item->name) < 0) abort();
      push(child);
    }
  }
  close(directory);
  return count;
}

static void *work(void *unused) {
  for (char *path; (path = pop());) {
    long count = list(path);
    free(path);
    done(count);
  }
  return unused;
}

int main(int count, char **words) {
  if (count != 2) return 64;
  push(strdup(words[1]));
  pthread_t other;
  if (pthread_create(&other, NULL, work, NULL)) return 71;
  work(NULL);
  pthread_join(other, NULL);
  printf("%ld\n", met);
  return 0;
}
