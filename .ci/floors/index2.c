/* The floor of a first index without contents: a scan by two threads, sorted by path, written to one
 * flat file, and on the disk at the end.
 * usage: index2 DIRECTORY FILE        prints how many objects it met */
#include "walk2.h"

struct entry {
  char *path;
  unsigned long long size, inode;
  long long changed, modified;
  unsigned mode, user, group;
};
struct entries {
  struct entry *all;
  size_t count, room;
};
static struct entries found[2];

static void meet(int thread, int directory, const char *path, const char *name,
                 const struct stat *seen) {
  struct entries *mine = &found[thread];
  (void)directory;
  if (mine->count == mine->room) {
    mine->room = mine->room ? mine->room * 2 : 4096;
    mine->all = realloc(mine->all, mine->room * sizeof *mine->all);
    if (!mine->all) abort();
  }
  struct entry *one = &mine->all[mine->count++];
  if (asprintf(&one->path, "%s/%s", path, name) < 0) abort();
  one->size = (unsigned long long)seen->st_size;
  one->inode = seen->st_ino;
  one->changed = seen->st_ctim.tv_sec * 1000000000LL + seen->st_ctim.tv_nsec;
  one->modified = seen->st_mtim.tv_sec * 1000000000LL + seen->st_mtim.tv_nsec;
  one->mode = seen->st_mode, one->user = seen->st_uid, one->group = seen->st_gid;
}

static int before(const void *one, const void *other) {
  return strcmp(((const struct entry *)one)->path, ((const struct entry *)other)->path);
}

static void *sort(void *half) {
  struct entries *mine = half;
  if (mine->count) qsort(mine->all, mine->count, sizeof *mine->all, before);
  return NULL;
}

static void put(FILE *file, const struct entry *one) {
  fwrite(&one->size, sizeof *one - offsetof(struct entry, size), 1, file);
  fwrite(one->path, strlen(one->path) + 1, 1, file);
}

int main(int count, char **words) {
  if (count != 3 || walk2(words[1]) < 0) return 64;
  pthread_t other;
  if (pthread_create(&other, NULL, sort, &found[1])) return 71;
  sort(&found[0]);
  pthread_join(other, NULL);
  FILE *file = fopen(words[2], "w");
  if (!file) return 73;
  size_t one = 0, two = 0;
  while (one < found[0].count || two < found[1].count) {
    int first = two == found[1].count ||
                (one < found[0].count && before(&found[0].all[one], &found[1].all[two]) < 0);
    put(file, first ? &found[0].all[one++] : &found[1].all[two++]);
  }
  if (fflush(file) || fsync(fileno(file)) || fclose(file)) return 74;
  printf("%ld\n", met);
  return 0;
}
