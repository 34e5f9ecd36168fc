#define _GNU_SOURCE
#include "listing.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK 65536
/* linux_dirent64: the length of the record, and where its name begins. */
#define LENGTH_AT 16
#define NAME_AT 19

static int reserve_names(struct cl_listing *l, size_t wanted) {
  if (wanted <= l->names_room) return 0;
  if (wanted > UINT32_MAX) return -EOVERFLOW;
  size_t room = wanted * 2 < BLOCK ? BLOCK : wanted * 2;
  uint8_t *names = realloc(l->names, room);
  if (!names) return -ENOMEM;
  l->names = names;
  l->names_room = room;
  return 0;
}

static int reserve_items(struct cl_listing *l, size_t wanted) {
  if (wanted <= l->items_room) return 0;
  size_t room = wanted * 2 < 256 ? 256 : wanted * 2;
  struct cl_listed *items = realloc(l->items, room * sizeof *items);
  if (!items) return -ENOMEM;
  l->items = items;
  l->items_room = room;
  return 0;
}

/* A name and its length, small enough to be sorted quickly. */
struct place {
  uint32_t start, length;
};

static int in_order(const void *left, const void *right, void *names) {
  const struct place *a = left, *b = right;
  /* Bytes count as unsigned, and the 0 after a name is below all of them. */
  return strcmp((char *)names + a->start, (char *)names + b->start);
}

/* Takes the names out of one block of records. */
static int take(struct cl_listing *l, const uint8_t *block, long size, size_t *used,
                struct place **places, size_t *count, size_t *room) {
  for (long at = 0; at + NAME_AT < size;) {
    uint16_t length;
    memcpy(&length, block + at + LENGTH_AT, sizeof length);
    if (length <= NAME_AT || at + length > size) return -EIO;
    const uint8_t *name = block + at + NAME_AT;
    size_t bytes = strnlen((const char *)name, (size_t)length - NAME_AT);
    at += length;
    int is_dots = bytes <= 2 && name[0] == '.' && (bytes < 2 || name[1] == '.');
    if (bytes == 0 || bytes > 255 || is_dots || memchr(name, '/', bytes)) continue;
    int result = reserve_names(l, *used + bytes + 1);
    if (result < 0) return result;
    if (*count == *room) {
      size_t more = *room ? *room * 2 : 256;
      struct place *grown = realloc(*places, more * sizeof *grown);
      if (!grown) return -ENOMEM;
      *places = grown;
      *room = more;
    }
    memcpy(l->names + *used, name, bytes);
    l->names[*used + bytes] = 0;
    (*places)[(*count)++] = (struct place){(uint32_t)*used, (uint32_t)bytes};
    *used += bytes + 1;
  }
  return 0;
}

static int look_at_all(int directory, struct cl_listing *l, const struct place *places,
                       size_t count) {
  int result = reserve_items(l, count);
  for (size_t i = 0; i < count && result >= 0; i++) {
    struct cl_listed *item = &l->items[l->count];
    item->start = places[i].start;
    item->length = places[i].length;
    result = cl_look(directory, l->names + item->start, &item->stat);
    if (result == -ENOENT) {
      result = 0;
      continue;
    }
    if (result >= 0) l->count++;
  }
  return result < 0 ? result : 0;
}

int cl_list(int directory, struct cl_listing *l) {
  l->count = 0;
  int result = cl_rewind(directory);
  if (result < 0) return result;
  uint8_t *block = malloc(BLOCK);
  if (!block) return -ENOMEM;
  struct place *places = NULL;
  size_t count = 0, room = 0, used = 0;
  long size = 0;
  while (result >= 0 && (size = cl_entries(directory, block, BLOCK)) > 0)
    result = take(l, block, size, &used, &places, &count, &room);
  if (result >= 0 && size < 0) result = (int)size;
  if (result >= 0) {
    qsort_r(places, count, sizeof *places, in_order, l->names);
    result = look_at_all(directory, l, places, count);
  }
  free(places);
  free(block);
  return result;
}

void cl_list_free(struct cl_listing *l) {
  free(l->names);
  free(l->items);
  memset(l, 0, sizeof *l);
}
