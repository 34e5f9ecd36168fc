#ifndef CLINUX_H
#define CLINUX_H

/* System calls that Swift's Glibc module hides (it is built without _GNU_SOURCE) or that need
 * constants of the architecture. One function is one system call or two, retried on EINTR.
 * Each returns what the call returns, or the error number negated: errno never crosses over.
 * Names are bytes that end in 0. Descriptors are always close-on-exec. */

#include <stddef.h>
#include <stdint.h>

#include "chunks.h"

struct cl_stat {
  uint64_t device, inode, size, mount;
  int64_t modified_seconds, changed_seconds;
  uint32_t modified_nanoseconds, changed_nanoseconds;
  uint32_t mode, uid, gid, links;
  uint32_t node_major, node_minor;
};

/* Looking. An empty name means the descriptor itself; links are never followed. */
int cl_look(int directory, const uint8_t *name, struct cl_stat *out);
/* When an object came into being: 1 and the moment, 0 where the file system does not keep it. */
int cl_birth(int directory, const uint8_t *name, int64_t *seconds, uint32_t *nanoseconds);
int cl_rewind(int directory);
long cl_entries(int directory, void *buffer, size_t count);
long cl_read_link(int descriptor, void *buffer, size_t count);

/* Opening. */
int cl_open_root(void);
int cl_open_path(int directory, const uint8_t *name);
/* A directory, any number of components below, no symbolic link on the way; with `one_mount` no
 * mount point either. */
int cl_open_beneath(int directory, const uint8_t *path, int one_mount);
int cl_open_directory(int directory, const uint8_t *name);
/* Any object, as a path only, any number of components below, with no link but the last one and no
 * mount point on the way. */
int cl_open_below(int directory, const uint8_t *path);
/* A regular file whose descriptor is known to be one: never a name that could be swapped. */
int cl_reopen(int descriptor);
/* By name: only where nobody else can put names. */
int cl_open_file(int directory, const uint8_t *name);
int cl_create_unnamed(int directory);
int cl_create(int directory, const uint8_t *name);
/* A file to append to, made with this mode if nothing has the name; no link is followed, and
 * nothing is waited for. What is opened may be no regular file. */
int cl_open_append(int directory, const uint8_t *name, uint32_t mode);
void cl_close(int descriptor);

/* Content. */
long cl_read(int descriptor, void *buffer, size_t count);
long cl_write(int descriptor, const void *buffer, size_t count);
long cl_read_at(int descriptor, void *buffer, size_t count, uint64_t offset);
long cl_write_at(int descriptor, const void *buffer, size_t count, uint64_t offset);
int cl_set_size(int descriptor, uint64_t size);
/* Begins to write a range to the disk and does not wait for it. */
int cl_start_writing(int descriptor, uint64_t offset, uint64_t count);
int cl_clone(int target, int source);

/* Attributes, also through descriptors that were opened as a path only. */
int cl_set_owner(int descriptor, uint32_t uid, uint32_t gid);
int cl_set_mode(int descriptor, uint32_t mode);
int cl_set_modified(int descriptor, int64_t seconds, uint32_t nanoseconds);
long cl_get_attribute(int descriptor, const char *name, void *buffer, size_t count);
int cl_set_attribute(int descriptor, const char *name, const void *value, size_t count);
int cl_remove_attribute(int descriptor, const char *name);

/* Names. */
int cl_make_directory(int directory, const uint8_t *name);
int cl_make_link(const uint8_t *target, int directory, const uint8_t *name);
int cl_make_fifo(int directory, const uint8_t *name);
/* What hides a name of the layers below in an overlay. */
int cl_make_whiteout(int directory, const uint8_t *name);
int cl_make_device(
    int directory, const uint8_t *name, int is_block, uint32_t major, uint32_t minor);
int cl_name(int descriptor, int directory, const uint8_t *name);
int cl_move(int source, const uint8_t *from, int target, const uint8_t *to);
int cl_replace(int directory, const uint8_t *from, const uint8_t *to);
int cl_exchange(int source, const uint8_t *from, int target, const uint8_t *to);
/* Also over what is there. */
int cl_put(int source, const uint8_t *from, int target, const uint8_t *to);
/* A second name; of a symbolic link itself, never of what it leads to. */
int cl_link(int source, const uint8_t *from, int target, const uint8_t *to);
int cl_remove(int directory, const uint8_t *name);
int cl_remove_directory(int directory, const uint8_t *name);

/* Durability, room, limits. */
int cl_sync(int descriptor);
int cl_sync_system(int descriptor);
int cl_room(int descriptor, uint64_t *free_bytes, uint64_t *all_bytes, int *has_inodes);
/* Gives memory that is not used back to the system. */
void cl_release_memory(void);
/* Raises the limit of open descriptors and returns it. */
long cl_raise_descriptors(void);
/* 0 if nobody can write the file now; -EAGAIN if somebody can. */
int cl_check_no_writer(int descriptor);
/* The only lock of the object for this open description; -EAGAIN if another has it. */
int cl_lock(int descriptor);
/* The path under which the kernel knows an open object: its length, at most `count`. */
long cl_path_of(int descriptor, void *buffer, size_t count);
long cl_random(void *buffer, size_t count);
uint64_t cl_milliseconds(void);
void cl_pause(uint32_t milliseconds);
uint32_t cl_user(void);
uint32_t cl_group(void);

/* Users and groups: the length of the name (at most `count`), or 0 if unknown. */
long cl_user_name(uint32_t id, void *buffer, size_t count);
long cl_group_name(uint32_t id, void *buffer, size_t count);
/* 1 and the number, or 0 if unknown. */
int cl_user_id(const uint8_t *name, uint32_t *id);
int cl_group_id(const uint8_t *name, uint32_t *id);

/* A directory that is covered by another one for a single program. Absolute paths, and what must be
 * found there. */
struct cl_view {
  const uint8_t *base, *layer;
  uint64_t base_device, base_inode, layer_device, layer_inode;
};
/* What is added to the error number if it was the views that could not be had. */
enum { CL_NO_VIEW = 100000 };

/* Programs. `arguments` (the first is the program's name) and `environment` end in NULL; `input`
 * becomes descriptor 0, `output` 1 and 2; nothing else is inherited. Directory /, umask 022,
 * default signals, a session and a process group of its own; with views, in a mount namespace of its
 * own, where each base is a read-only overlay. Returns its process id; an error of
 * execve is one of this call. */
int cl_spawn(const char *path, char *const *arguments, char *const *environment, int input,
             int output, const struct cl_view *views, size_t count);
/* A descriptor that polls as readable when the process has ended. */
int cl_process_handle(int process);
/* Takes the end of the process: its status, or minus an error; `signal` if one ended it, else 0. */
int cl_take_end(int process, int *signal);
int cl_signal_group(int process, int signal);
/* An unnamed file in memory with these bytes, that nobody can change, open at its beginning. */
int cl_memory_file(const void *bytes, size_t count);
/* Both close-on-exec; reading never blocks. */
int cl_pipe(int *reading, int *writing);

#include "listing.h"

#endif
