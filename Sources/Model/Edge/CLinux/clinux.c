#define _GNU_SOURCE
#include "clinux.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/fs.h>
#include <linux/openat2.h>
#include <malloc.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

#define CALL(expression)                                         \
  ({                                                             \
    long result_;                                                \
    do                                                           \
      result_ = (long)(expression);                              \
    while (result_ < 0 && errno == EINTR);                       \
    result_ < 0 ? (long)-errno : result_;                        \
  })
#define TEXT(name) ((const char *)(name))

/* The kernel's own door to a descriptor: it leads to the same inode, whatever its name is now. */
struct door {
  char path[32];
};
static struct door door_of(int descriptor) {
  struct door door;
  snprintf(door.path, sizeof door.path, "/proc/self/fd/%d", descriptor);
  return door;
}

int cl_look(int directory, const uint8_t *name, struct cl_stat *out) {
  struct statx s;
  int flags = AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | (name[0] ? 0 : AT_EMPTY_PATH);
  long result = CALL(
      syscall(SYS_statx, directory, TEXT(name), flags, STATX_BASIC_STATS | STATX_MNT_ID, &s));
  if (result < 0) return (int)result;
  out->device = (uint64_t)s.stx_dev_major << 32 | s.stx_dev_minor;
  out->inode = s.stx_ino;
  out->size = s.stx_size;
  out->mount = s.stx_mask & STATX_MNT_ID ? s.stx_mnt_id : 0;
  out->modified_seconds = s.stx_mtime.tv_sec;
  out->modified_nanoseconds = s.stx_mtime.tv_nsec;
  out->changed_seconds = s.stx_ctime.tv_sec;
  out->changed_nanoseconds = s.stx_ctime.tv_nsec;
  out->mode = s.stx_mode;
  out->uid = s.stx_uid;
  out->gid = s.stx_gid;
  out->links = s.stx_nlink;
  out->node_major = s.stx_rdev_major;
  out->node_minor = s.stx_rdev_minor;
  return 0;
}

int cl_birth(int directory, const uint8_t *name, int64_t *seconds, uint32_t *nanoseconds) {
  struct statx s;
  int flags = AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | (name[0] ? 0 : AT_EMPTY_PATH);
  long result = CALL(syscall(SYS_statx, directory, TEXT(name), flags, STATX_BTIME, &s));
  if (result < 0) return (int)result;
  if (!(s.stx_mask & STATX_BTIME)) return 0;
  *seconds = s.stx_btime.tv_sec;
  *nanoseconds = s.stx_btime.tv_nsec;
  return 1;
}

int cl_rewind(int directory) { return (int)CALL(lseek(directory, 0, SEEK_SET)); }

long cl_entries(int directory, void *buffer, size_t count) {
  return CALL(syscall(SYS_getdents64, directory, buffer, count));
}

long cl_read_link(int descriptor, void *buffer, size_t count) {
  return CALL(readlinkat(descriptor, "", buffer, count));
}

int cl_open_root(void) { return (int)CALL(open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC)); }

int cl_open_path(int directory, const uint8_t *name) {
  return (int)CALL(openat(directory, TEXT(name), O_PATH | O_NOFOLLOW | O_CLOEXEC));
}

int cl_open_beneath(int directory, const uint8_t *path, int one_mount) {
  struct open_how how = {
      /* Not O_NOFOLLOW: with it a link at the end says ENOTDIR in place of ELOOP. */
      .flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOATIME,
      .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
  };
  if (one_mount) how.resolve |= RESOLVE_NO_XDEV;
  long result = -EAGAIN;
  /* EAGAIN: something was renamed while the kernel walked; it asks to be asked again. */
  for (int tries = 0; result == -EAGAIN && tries < 128; tries++) {
    result = CALL(syscall(SYS_openat2, directory, TEXT(path), &how, sizeof how));
    if (result == -EPERM && (how.flags & O_NOATIME)) {
      how.flags &= ~(uint64_t)O_NOATIME;
      result = -EAGAIN;
    }
  }
  return (int)result;
}

int cl_open_below(int directory, const uint8_t *path) {
  struct open_how how = {
      .flags = O_PATH | O_NOFOLLOW | O_CLOEXEC,
      .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV,
  };
  long result = -EAGAIN;
  for (int tries = 0; result == -EAGAIN && tries < 128; tries++)
    result = CALL(syscall(SYS_openat2, directory, TEXT(path), &how, sizeof how));
  return (int)result;
}

int cl_open_directory(int directory, const uint8_t *name) {
  return (int)CALL(
      openat(directory, TEXT(name), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

static int open_quietly(int directory, const char *name, int flags) {
  flags |= O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
  long result = CALL(openat(directory, name, flags | O_NOATIME));
  /* Only the owner and root may leave the access time alone. */
  if (result == -EPERM) result = CALL(openat(directory, name, flags));
  return (int)result;
}

int cl_reopen(int descriptor) { return open_quietly(AT_FDCWD, door_of(descriptor).path, 0); }

int cl_open_file(int directory, const uint8_t *name) {
  return open_quietly(directory, TEXT(name), O_NOFOLLOW);
}

int cl_create_unnamed(int directory) {
  return (int)CALL(openat(directory, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
}

int cl_create(int directory, const uint8_t *name) {
  int flags = O_CREAT | O_EXCL | O_RDWR | O_NOFOLLOW | O_CLOEXEC;
  return (int)CALL(openat(directory, TEXT(name), flags, 0600));
}

int cl_open_append(int directory, const uint8_t *name, uint32_t mode) {
  int flags = O_WRONLY | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
  long result = CALL(openat(directory, TEXT(name), flags | O_CREAT | O_EXCL, mode));
  if (result == -EEXIST) return (int)CALL(openat(directory, TEXT(name), flags));
  /* The umask of this process is none of its mode. */
  if (result >= 0) fchmod((int)result, mode);
  return (int)result;
}

void cl_close(int descriptor) { close(descriptor); }

long cl_read(int descriptor, void *buffer, size_t count) {
  return CALL(read(descriptor, buffer, count));
}

long cl_write(int descriptor, const void *buffer, size_t count) {
  return CALL(write(descriptor, buffer, count));
}

long cl_read_at(int descriptor, void *buffer, size_t count, uint64_t offset) {
  return CALL(pread(descriptor, buffer, count, (off_t)offset));
}

long cl_write_at(int descriptor, const void *buffer, size_t count, uint64_t offset) {
  return CALL(pwrite(descriptor, buffer, count, (off_t)offset));
}

int cl_start_writing(int descriptor, uint64_t offset, uint64_t count) {
  return (int)CALL(
      sync_file_range(descriptor, (off_t)offset, (off_t)count, SYNC_FILE_RANGE_WRITE));
}

int cl_set_size(int descriptor, uint64_t size) {
  return (int)CALL(ftruncate(descriptor, (off_t)size));
}

int cl_clone(int target, int source) { return (int)CALL(ioctl(target, FICLONE, source)); }

int cl_set_owner(int descriptor, uint32_t uid, uint32_t gid) {
  return (int)CALL(fchownat(descriptor, "", uid, gid, AT_EMPTY_PATH));
}

int cl_set_mode(int descriptor, uint32_t mode) {
  long result = CALL(fchmod(descriptor, mode));
  /* EBADF: opened as a path only. */
  if (result == -EBADF) result = CALL(chmod(door_of(descriptor).path, mode));
  return (int)result;
}

int cl_set_modified(int descriptor, int64_t seconds, uint32_t nanoseconds) {
  struct timespec times[2] = {{.tv_nsec = UTIME_OMIT}, {seconds, nanoseconds}};
  long result = CALL(futimens(descriptor, times));
  /* EBADF: opened as a path only. */
  if (result == -EBADF) result = CALL(utimensat(descriptor, "", times, AT_EMPTY_PATH));
  return (int)result;
}

long cl_get_attribute(int descriptor, const char *name, void *buffer, size_t count) {
  long result = CALL(fgetxattr(descriptor, name, buffer, count));
  if (result == -EBADF) result = CALL(getxattr(door_of(descriptor).path, name, buffer, count));
  return result;
}

int cl_set_attribute(int descriptor, const char *name, const void *value, size_t count) {
  long result = CALL(fsetxattr(descriptor, name, value, count, 0));
  if (result == -EBADF) result = CALL(setxattr(door_of(descriptor).path, name, value, count, 0));
  return (int)result;
}

int cl_remove_attribute(int descriptor, const char *name) {
  long result = CALL(fremovexattr(descriptor, name));
  if (result == -EBADF) result = CALL(removexattr(door_of(descriptor).path, name));
  return (int)result;
}

int cl_make_directory(int directory, const uint8_t *name) {
  return (int)CALL(mkdirat(directory, TEXT(name), 0700));
}

int cl_make_link(const uint8_t *target, int directory, const uint8_t *name) {
  return (int)CALL(symlinkat(TEXT(target), directory, TEXT(name)));
}

int cl_make_fifo(int directory, const uint8_t *name) {
  return (int)CALL(mknodat(directory, TEXT(name), S_IFIFO | 0600, 0));
}

int cl_make_whiteout(int directory, const uint8_t *name) {
  return (int)CALL(mknodat(directory, TEXT(name), S_IFCHR, 0));
}

int cl_make_device(
    int directory, const uint8_t *name, int is_block, uint32_t major, uint32_t minor) {
  mode_t kind = is_block ? S_IFBLK : S_IFCHR;
  return (int)CALL(mknodat(directory, TEXT(name), kind | 0600, makedev(major, minor)));
}

int cl_name(int descriptor, int directory, const uint8_t *name) {
  long result = CALL(linkat(descriptor, "", directory, TEXT(name), AT_EMPTY_PATH));
  /* ENOENT: without CAP_DAC_READ_SEARCH only the door is open. */
  if (result == -ENOENT)
    result = CALL(linkat(
        AT_FDCWD, door_of(descriptor).path, directory, TEXT(name), AT_SYMLINK_FOLLOW));
  return (int)result;
}

static int rename_as(int from, const uint8_t *old, int to, const uint8_t *new, unsigned flags) {
  return (int)CALL(syscall(SYS_renameat2, from, TEXT(old), to, TEXT(new), flags));
}

int cl_move(int source, const uint8_t *from, int target, const uint8_t *to) {
  return rename_as(source, from, target, to, RENAME_NOREPLACE);
}

int cl_replace(int directory, const uint8_t *from, const uint8_t *to) {
  return rename_as(directory, from, directory, to, 0);
}

int cl_exchange(int source, const uint8_t *from, int target, const uint8_t *to) {
  return rename_as(source, from, target, to, RENAME_EXCHANGE);
}

int cl_put(int source, const uint8_t *from, int target, const uint8_t *to) {
  return rename_as(source, from, target, to, 0);
}

int cl_link(int source, const uint8_t *from, int target, const uint8_t *to) {
  return (int)CALL(linkat(source, TEXT(from), target, TEXT(to), 0));
}

int cl_remove(int directory, const uint8_t *name) {
  return (int)CALL(unlinkat(directory, TEXT(name), 0));
}

int cl_remove_directory(int directory, const uint8_t *name) {
  return (int)CALL(unlinkat(directory, TEXT(name), AT_REMOVEDIR));
}

/* fsync and syncfs report an error once: EINTR aside they are never repeated here. */
int cl_sync(int descriptor) { return (int)CALL(fsync(descriptor)); }
int cl_sync_system(int descriptor) { return (int)CALL(syncfs(descriptor)); }

int cl_room(int descriptor, uint64_t *free_bytes, uint64_t *all_bytes, int *has_inodes) {
  struct statvfs s;
  long result = CALL(fstatvfs(descriptor, &s));
  if (result < 0) return (int)result;
  *free_bytes = (uint64_t)s.f_bavail * s.f_frsize;
  *all_bytes = (uint64_t)s.f_blocks * s.f_frsize;
  /* File systems that make inodes as they go report none at all. */
  *has_inodes = s.f_files == 0 || s.f_favail > 0;
  return 0;
}

rlim_t cl_first_descriptor_limit = 0;

void cl_release_memory(void) { malloc_trim(0); }

long cl_raise_descriptors(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) < 0) return -errno;
  if (!cl_first_descriptor_limit) cl_first_descriptor_limit = limit.rlim_cur;
  if (limit.rlim_cur < limit.rlim_max && limit.rlim_cur < 65536) {
    struct rlimit more = limit;
    more.rlim_cur = limit.rlim_max < 65536 ? limit.rlim_max : 65536;
    if (setrlimit(RLIMIT_NOFILE, &more) == 0) limit = more;
  }
  return limit.rlim_cur > 1 << 30 ? 1 << 30 : (long)limit.rlim_cur;
}

int cl_check_no_writer(int descriptor) {
  /* The default signal of a lease, SIGIO, ends a process; SIGURG is ignored by default. */
  if (fcntl(descriptor, F_SETSIG, SIGURG) < 0) return -errno;
  long result = CALL(fcntl(descriptor, F_SETLEASE, F_RDLCK));
  if (result == 0) fcntl(descriptor, F_SETLEASE, F_UNLCK);
  return (int)result;
}

int cl_lock(int descriptor) { return (int)CALL(flock(descriptor, LOCK_EX | LOCK_NB)); }

long cl_path_of(int descriptor, void *buffer, size_t count) {
  return CALL(readlink(door_of(descriptor).path, buffer, count));
}

long cl_random(void *buffer, size_t count) { return CALL(getrandom(buffer, count, 0)); }

uint64_t cl_milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
  return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

void cl_pause(uint32_t milliseconds) {
  struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000L};
  nanosleep(&time, NULL);
}

uint32_t cl_user(void) { return geteuid(); }
uint32_t cl_group(void) { return getegid(); }

enum { LARGEST_RECORD = 1 << 22 };

/* Runs a look-up with a buffer that grows, then `keep` with the record or leaves `found` 0. */
#define LOOK_UP(kind, function, key, keep)                                \
  ({                                                                      \
    struct kind record, *found_ = NULL;                                   \
    size_t room = 1024;                                                   \
    char *space = NULL;                                                   \
    long result = ERANGE;                                                 \
    while (result == ERANGE && room <= LARGEST_RECORD) {                  \
      char *more = realloc(space, room);                                  \
      if (!more) {                                                        \
        result = ENOMEM;                                                  \
        break;                                                            \
      }                                                                   \
      space = more;                                                       \
      do                                                                  \
        result = function(key, &record, space, room, &found_);            \
      while (result == EINTR);                                            \
      room *= 4;                                                          \
    }                                                                     \
    /* Some services say "not found" by an error. */                      \
    if (result == ENOENT || result == ESRCH) result = 0;                  \
    result = -result;                                                     \
    if (result == 0 && found_) result = (keep);                           \
    free(space);                                                          \
    result;                                                               \
  })

static long keep_name(const char *name, void *buffer, size_t count) {
  size_t length = strlen(name);
  memcpy(buffer, name, length < count ? length : count);
  return length < count ? (long)length : (long)count;
}

static long keep_id(uint32_t from, uint32_t *to) {
  *to = from;
  return 1;
}

long cl_user_name(uint32_t id, void *buffer, size_t count) {
  return LOOK_UP(passwd, getpwuid_r, id, keep_name(record.pw_name, buffer, count));
}

long cl_group_name(uint32_t id, void *buffer, size_t count) {
  return LOOK_UP(group, getgrgid_r, id, keep_name(record.gr_name, buffer, count));
}

int cl_user_id(const uint8_t *name, uint32_t *id) {
  return (int)LOOK_UP(passwd, getpwnam_r, TEXT(name), keep_id(record.pw_uid, id));
}

int cl_group_id(const uint8_t *name, uint32_t *id) {
  return (int)LOOK_UP(group, getgrnam_r, TEXT(name), keep_id(record.gr_gid, id));
}
