/* Two threads list directories and look at every entry: what all floors of a scan have in common.
 * Who includes it says what else is done with each object: `meet`, called by both threads. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* THREAD is 0 or 1; DIRECTORY is the open parent, PATH its name. */
static void meet(int thread, int directory, const char *path, const char *name,
                 const struct stat *seen);

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

static long list(int thread, const char *path) {
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
      meet(thread, directory, path, item->name, &seen);
      if (!S_ISDIR(seen.st_mode)) continue;
      char *child;
      if (asprintf(&child, "%s/%s", path, item->name) < 0) abort();
      push(child);
    }
  }
  close(directory);
  return count;
}

static void *work(void *thread) {
  for (char *path; (path = pop());) {
    long count = list(thread != NULL, path);
    free(path);
    done(count);
  }
  return NULL;
}

/* Walks all below ROOT and says how many objects there were; -1 if there is no second thread. */
static long walk2(const char *root) {
  static int second;
  push(strdup(root));
  pthread_t other;
  if (pthread_create(&other, NULL, work, &second)) return -1;
  work(NULL);
  pthread_join(other, NULL);
  return met;
}
