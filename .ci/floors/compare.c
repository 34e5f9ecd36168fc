/* Compares two trees by everything that a sync is to carry, and counts what differs, by kind.
 * usage: compare ONE OTHER        one line: KIND COUNT, for each kind that differs
 * The first tree is what it should be. Access times, inodes and the roots themselves do not count. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { MISSING, EXTRA, TYPE, CONTENT, MODE, OWNER, TIME, FRACTION, FOLDER_TIME, ACCESS, KINDS };
static const char *const kinds[] = {"missing", "too many", "type", "content", "mode", "owner",
                                    "time", "time below a second",
                                    "time of a directory", "access list"};
static long differ[KINDS];
static const char *here, *there;

static int same_content(const char *one, const char *other) {
  static char left[1 << 20], right[1 << 20];
  int first = open(one, O_RDONLY), second = open(other, O_RDONLY), same = 0;
  while (first >= 0 && second >= 0) {
    ssize_t size = read(first, left, sizeof left), got = 0, more = 1;
    while (got < size && (more = read(second, right + got, (size_t)(size - got))) > 0) got += more;
    if (size < 0 || got != size || memcmp(left, right, (size_t)size)) break;
    if (size == 0) {
      same = read(second, right, 1) == 0;
      break;
    }
  }
  if (first >= 0) close(first);
  if (second >= 0) close(second);
  return same;
}

static int same_target(const char *one, const char *other) {
  char left[4096], right[4096];
  ssize_t size = readlink(one, left, sizeof left);
  return size >= 0 && readlink(other, right, sizeof right) == size &&
         !memcmp(left, right, (size_t)size);
}

static int same_access(const char *one, const char *other, const char *name) {
  char left[4096], right[4096];
  ssize_t size = lgetxattr(one, name, left, sizeof left);
  ssize_t others = lgetxattr(other, name, right, sizeof right);
  return size == others && (size < 0 || !memcmp(left, right, (size_t)size));
}

static int look(const char *path, const struct stat *seen, int type, struct FTW *place) {
  (void)type;
  if (place->level == 0) return 0;
  char *twin;
  struct stat other;
  if (asprintf(&twin, "%s%s", there, path + strlen(here)) < 0) abort();
  if (lstat(twin, &other)) {
    differ[MISSING]++;
  } else if ((seen->st_mode ^ other.st_mode) & S_IFMT) {
    differ[TYPE]++;
  } else {
    int folder = S_ISDIR(seen->st_mode);
    if (S_ISREG(seen->st_mode) ? !same_content(path, twin)
                               : S_ISLNK(seen->st_mode) && !same_target(path, twin))
      differ[CONTENT]++;
    differ[MODE] += seen->st_mode != other.st_mode;
    differ[OWNER] += seen->st_uid != other.st_uid || seen->st_gid != other.st_gid;
    if (seen->st_mtim.tv_sec != other.st_mtim.tv_sec)
      differ[folder ? FOLDER_TIME : TIME]++;
    else if (seen->st_mtim.tv_nsec != other.st_mtim.tv_nsec)
      differ[folder ? FOLDER_TIME : FRACTION]++;
    differ[ACCESS] += !same_access(path, twin, "system.posix_acl_access") ||
                      !same_access(path, twin, "system.posix_acl_default");
  }
  free(twin);
  return 0;
}

static int back(const char *path, const struct stat *seen, int type, struct FTW *place) {
  (void)seen, (void)type;
  char *twin;
  struct stat other;
  if (asprintf(&twin, "%s%s", here, path + strlen(there)) < 0) abort();
  if (place->level && lstat(twin, &other)) differ[EXTRA]++;
  free(twin);
  return 0;
}

int main(int count, char **words) {
  if (count != 3) return 64;
  here = words[1], there = words[2];
  if (nftw(here, look, 64, FTW_PHYS) || nftw(there, back, 64, FTW_PHYS)) return 74;
  for (int kind = 0; kind < KINDS; kind++)
    if (differ[kind]) printf("%s%s %ld", kind ? ", " : "", kinds[kind], differ[kind]);
  printf("\n");
  return 0;
}
