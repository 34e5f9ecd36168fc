#ifndef CHUNKS_H
#define CHUNKS_H

/* Large contents: where they are cut, and moving parts of them. As in clinux.h, what fails returns
 * the error number negated. */

#include <stddef.h>
#include <stdint.h>

enum { CL_SHORTEST_CHUNK = 16 << 10, CL_LONGEST_CHUNK = 128 << 10 };

/* The length of the first chunk of `bytes`: as long as at least CL_LONGEST_CHUNK bytes are given, or
 * the rest of a content, it depends on nothing else. At most `count`. */
size_t cl_cut(const uint8_t *bytes, size_t count);
/* What a chunk is known by. */
uint64_t cl_mark(const uint8_t *bytes, size_t count);

/* How far from `offset` a file of `size` bytes goes on as it is there: as a hole or as data. */
long cl_extent(int descriptor, uint64_t offset, uint64_t size, int *is_hole);
/* Copies some bytes, at most `count`, in the kernel where it can; 0 at the end of `source`. */
long cl_copy(int target, int source, uint64_t from, uint64_t to, size_t count);
/* A file to go on with, made if it is not there; -EAGAIN, -EACCES or -EBUSY if another process has
 * it. Within a process, who opens it twice has to know. */
int cl_open_part(int directory, const uint8_t *name);

#endif
