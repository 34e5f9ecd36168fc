/* The floor of a scan: two threads list directories and look at every entry, and nothing else.
 * usage: scan2 DIRECTORY        prints how many objects it met */
#include "walk2.h"

static void meet(int thread, int directory, const char *path, const char *name,
                 const struct stat *seen) {
  (void)thread, (void)directory, (void)path, (void)name, (void)seen;
}

int main(int count, char **words) {
  if (count != 2 || walk2(words[1]) < 0) return 64;
  printf("%ld\n", met);
  return 0;
}
