/* Writes a tree of small files, by two threads; the same words give the same tree.
 * usage: tree ROOT COUNT        files of 10 to 4096 bytes (logarithmic), 100 in a directory, half of
 * their bytes compressible, 5 % of another owner, 4 % of another mode, 1 % with an access list. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <math.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { CROWD = 100 };
static const char *root;
static long total;

/* SplitMix64. */
static uint64_t throw_dice(uint64_t *state) {
  uint64_t mixed = *state += 0x9e3779b97f4a7c15;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
  return mixed ^ (mixed >> 31);
}

/* 64 bytes of chance, then 64 times one letter, and so on. */
static void fill(char *block, size_t size, uint64_t *dice) {
  for (size_t at = 0; at < size; at += 8) {
    uint64_t chance = throw_dice(dice);
    if (at % 128 >= 64) memset(&chance, 'a' + (int)(at / 128 % 26), 8);
    memcpy(block + at, &chance, size - at < 8 ? size - at : 8);
  }
}

/* user::rw-, user 2 r--, group::r--, mask::r--, other::r--, as the kernel takes it. */
static int give_list(int file) {
  static const uint16_t list[][4] = {{1, 6, 0xffff, 0xffff}, {2, 4, 2, 0},
                                     {4, 4, 0xffff, 0xffff}, {16, 4, 0xffff, 0xffff},
                                     {32, 4, 0xffff, 0xffff}};
  char value[4 + sizeof list] = {2};
  memcpy(value + 4, list, sizeof list);
  return fsetxattr(file, "system.posix_acl_access", value, sizeof value, 0);
}

static int write_one(int directory, long number) {
  char name[64], block[4096];
  uint64_t dice = (uint64_t)number * 0x2545f4914f6cdd1d + 1;
  double share = (double)(throw_dice(&dice) >> 11) / 9007199254740992.0;
  size_t size = (size_t)(10 * pow(409.6, share));
  fill(block, size, &dice);
  snprintf(name, sizeof name, "some-file-name-%09ld.txt", number);
  int file = openat(directory, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (file < 0 || write(file, block, size) != (ssize_t)size) return -1;
  unsigned kind = (unsigned)(throw_dice(&dice) % 100);
  int failed = kind < 5    ? fchown(file, 1, 1)
               : kind < 9  ? fchmod(file, 0600)
               : kind == 9 ? give_list(file)
                           : 0;
  return close(file) || failed ? -1 : 0;
}

static void *work(void *half) {
  for (long first = half ? CROWD : 0; first < total; first += 2 * CROWD) {
    char *path;
    if (asprintf(&path, "%s/directory-%06ld", root, first / CROWD) < 0) abort();
    int directory = mkdir(path, 0755) ? -1 : open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    for (long number = first; number < first + CROWD && number < total; number++)
      if (directory < 0 || write_one(directory, number)) {
        perror(path);
        exit(74);
      }
    close(directory);
    free(path);
  }
  return NULL;
}

int main(int count, char **words) {
  if (count != 3) return 64;
  root = words[1], total = atol(words[2]);
  umask(022);
  if (mkdir(root, 0755)) return 73;
  pthread_t other;
  if (pthread_create(&other, NULL, work, &total)) return 71;
  work(NULL);
  pthread_join(other, NULL);
  return 0;
}
