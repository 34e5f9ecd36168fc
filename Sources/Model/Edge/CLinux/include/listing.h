#ifndef CONCORD_LISTING_H
#define CONCORD_LISTING_H

#include <stddef.h>
#include <stdint.h>

#include "clinux.h"

/* One name of a directory: where it stands among the names, without the 0 after it, and what is
 * there. */
struct cl_listed {
  uint32_t start, length;
  struct cl_stat stat;
};

/* A directory as a whole; its memory is used again by the next one. All zero at first. */
struct cl_listing {
  uint8_t *names;
  struct cl_listed *items;
  size_t count;
  size_t names_room, items_room;
};

/* Reads an open directory: names in the order of their bytes, each with its stat. What vanishes
 * meanwhile is left out; any other trouble fails the whole. 0, or minus an error number. */
int cl_list(int directory, struct cl_listing *listing);
void cl_list_free(struct cl_listing *listing);

#endif
