/* The floor of a first look at contents: a scan by two threads that also reads every byte. What is
 * done with the bytes costs little beside: they are added up, so that nothing is left out.
 * usage: hash2 DIRECTORY        prints how many objects and bytes it met */
#include "walk2.h"

static unsigned long long bytes[2], sum[2];

static void meet(int thread, int directory, const char *path, const char *name,
                 const struct stat *seen) {
  static __thread unsigned long long block[32768];
  (void)path;
  if (!S_ISREG(seen->st_mode)) return;
  int file = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  if (file < 0) return;
  off_t left = seen->st_size;
  while (left > 0) {
    ssize_t size = read(file, block, sizeof block);
    if (size <= 0) break;
    for (ssize_t at = 0; at < size / 8; at++) sum[thread] += block[at];
    bytes[thread] += (unsigned long long)size;
    left -= size;
  }
  close(file);
}

int main(int count, char **words) {
  if (count != 2 || walk2(words[1]) < 0) return 64;
  printf("%ld %llu %llu\n", met, bytes[0] + bytes[1], sum[0] + sum[1]);
  return 0;
}
