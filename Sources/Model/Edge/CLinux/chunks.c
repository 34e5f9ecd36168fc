#define _GNU_SOURCE
#include "chunks.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gear.h"

#define CALL(expression)                                         \
  ({                                                             \
    long result_;                                                \
    do                                                           \
      result_ = (long)(expression);                              \
    while (result_ < 0 && errno == EINTR);                       \
    result_ < 0 ? -(long)errno : result_;                        \
  })

/* Bits of the top half only: the last 64 bytes have all left their mark there. Before the usual
 * length a cut is rare (1 in 65536), behind it common (1 in 16384): lengths lie close together. */
static const uint64_t rare = 0xFFFF000000000000ULL;
static const uint64_t common = 0xFFFC000000000000ULL;
enum { shortest = CL_SHORTEST_CHUNK, usual = 48 << 10, longest = CL_LONGEST_CHUNK };

/* The first cut in [from, to), 0 if there is none. Four bytes a step, with the cuts of one byte a
 * step: only a shift and a sum stand between one step and the next. */
static inline size_t search(
    const uint8_t *bytes, size_t from, size_t to, uint64_t mask, uint64_t *state) {
  uint64_t hash = *state;
  size_t at = from;
  for (; at + 4 <= to; at += 4) {
    uint64_t one = gear[bytes[at]];
    uint64_t two = (one << 1) + gear[bytes[at + 1]];
    uint64_t three = (two << 1) + gear[bytes[at + 2]];
    uint64_t four = (three << 1) + gear[bytes[at + 3]];
    if ((((hash << 1) + one) & mask) == 0) return at + 1;
    if ((((hash << 2) + two) & mask) == 0) return at + 2;
    if ((((hash << 3) + three) & mask) == 0) return at + 3;
    hash = (hash << 4) + four;
    if ((hash & mask) == 0) return at + 4;
  }
  for (; at < to; at++) {
    hash = (hash << 1) + gear[bytes[at]];
    if ((hash & mask) == 0) return at + 1;
  }
  *state = hash;
  return 0;
}

size_t cl_cut(const uint8_t *bytes, size_t count) {
  if (count <= shortest) return count;
  size_t end = count < longest ? count : longest;
  uint64_t hash = 0;
  for (size_t at = shortest - 64; at < shortest; at++) hash = (hash << 1) + gear[bytes[at]];
  size_t middle = end < usual ? end : usual;
  size_t cut = search(bytes, shortest, middle, rare, &hash);
  if (!cut) cut = search(bytes, middle, end, common, &hash);
  return cut ? cut : end;
}

static inline uint64_t word(const uint8_t *bytes) {
  uint64_t value;
  memcpy(&value, bytes, sizeof value);
  return value;
}

static inline uint64_t fold(uint64_t a, uint64_t b) {
  unsigned __int128 product = (unsigned __int128)a * b;
  return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Four lanes of 64x64 multiplications, folded: as fast as memory. No defence against who wants two
 * chunks to agree: a content is proven by its whole digest. */
uint64_t cl_mark(const uint8_t *bytes, size_t count) {
  static const uint64_t key[4] = {
      0xA0761D6478BD642FULL, 0xE7037ED1A0B428DBULL, 0x8EBC6AF09C88C6E3ULL, 0x589965CC75374CC3ULL};
  uint64_t lane[4] = {gear[0], gear[1], gear[2], gear[3]};
  size_t at = 0;
  for (; at + 64 <= count; at += 64)
    for (int i = 0; i < 4; i++)
      lane[i] = fold(word(bytes + at + 16 * i) ^ key[i], word(bytes + at + 16 * i + 8) ^ lane[i]);
  uint8_t rest[64] = {0};
  memcpy(rest, bytes + at, count - at);
  for (int i = 0; i < 4; i++)
    lane[i] = fold(word(rest + 16 * i) ^ key[i], word(rest + 16 * i + 8) ^ lane[i]);
  uint64_t joined = fold(lane[0] ^ lane[2] ^ key[1], lane[1] ^ lane[3] ^ count);
  return fold(joined ^ key[0], joined ^ key[3]);
}

long cl_extent(int descriptor, uint64_t offset, uint64_t size, int *is_hole) {
  *is_hole = 0;
  if (offset >= size) return 0;
  off_t data = lseek(descriptor, (off_t)offset, SEEK_DATA);
  if (data < 0 && errno == ENXIO) data = (off_t)size;
  if (data < 0) return (long)(size - offset);
  if ((uint64_t)data > offset) {
    *is_hole = 1;
    return (long)(((uint64_t)data < size ? (uint64_t)data : size) - offset);
  }
  off_t hole = lseek(descriptor, (off_t)offset, SEEK_HOLE);
  uint64_t end = hole < 0 || (uint64_t)hole > size ? size : (uint64_t)hole;
  return (long)(end > offset ? end - offset : size - offset);
}

static long copy_slowly(int target, int source, uint64_t from, uint64_t to, size_t count) {
  static const size_t block = 256 << 10;
  uint8_t *buffer = malloc(block);
  if (!buffer) return -ENOMEM;
  long result = CALL(pread(source, buffer, count < block ? count : block, (off_t)from));
  long done = 0;
  while (result > 0 && done < result) {
    long put = CALL(pwrite(target, buffer + done, (size_t)(result - done), (off_t)to + done));
    if (put < 0) {
      result = put;
      break;
    }
    done += put;
  }
  free(buffer);
  return result;
}

long cl_copy(int target, int source, uint64_t from, uint64_t to, size_t count) {
  /* Whole blocks at the same place within them can be shared where the file system shares. */
  size_t ahead = (4096 - from % 4096) % 4096;
  if (from % 4096 == to % 4096 && count >= ahead + 4096)
    count = ahead ? ahead : count / 4096 * 4096;
  loff_t read_at = (loff_t)from, write_at = (loff_t)to;
  long result = CALL(copy_file_range(source, &read_at, target, &write_at, count, 0));
  if (result == -EXDEV || result == -EINVAL || result == -ENOSYS || result == -EOPNOTSUPP)
    result = copy_slowly(target, source, from, to, count);
  return result;
}

int cl_open_part(int directory, const uint8_t *name) {
  int flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
  int file = (int)CALL(openat(directory, (const char *)name, flags, 0600));
  if (file < 0) return file;
  /* Whoever had it before may have moved it into a user's tree by now. */
  struct stat mine, there;
  /* Not flock: a child between fork and exec would hold that. */
  struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  int result = (int)CALL(fcntl(file, F_SETLK, &lock));
  if (result == 0) result = (int)CALL(fstat(file, &mine));
  if (result == 0)
    result = (int)CALL(fstatat(directory, (const char *)name, &there, AT_SYMLINK_NOFOLLOW));
  if (result == 0 && (mine.st_ino != there.st_ino || mine.st_dev != there.st_dev ||
                      mine.st_nlink != 1 || !S_ISREG(mine.st_mode)))
    result = -EBUSY;
  if (result == 0) return file;
  close(file);
  return result;
}
