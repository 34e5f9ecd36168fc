#define _GNU_SOURCE
#include "clinux.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* What `cl_raise_descriptors` found; 0 if it was not called. */
extern rlim_t cl_first_descriptor_limit;

struct child {
  const char *path;
  char *const *arguments, *const *environment;
  /* All above 3. */
  int input, output, report;
  const struct cl_view *views;
  size_t view_count;
};

static void close_from(unsigned first) {
  if (syscall(SYS_close_range, first, ~0U, 0) == 0) return;
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) < 0) return;
  for (rlim_t next = first; next < limit.rlim_cur; next++) close((int)next);
}

static void default_signals(void) {
  struct sigaction standard = {.sa_handler = SIG_DFL};
  for (int number = 1; number < NSIG; number++) sigaction(number, &standard, NULL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Opens a directory if it is the one that was meant. */
static int open_meant(const uint8_t *path, uint64_t device, uint64_t inode) {
  int file = open((const char *)path, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return -errno;
  struct cl_stat seen;
  int error = cl_look(file, (const uint8_t *)"", &seen);
  if (error == 0 && (seen.device != device || seen.inode != inode)) error = -ESTALE;
  if (error == 0) return file;
  close(file);
  return error;
}

/* Appends a text and, after it, the number of a descriptor. */
static char *append(char *end, const char *text, int number) {
  while (*text) *end++ = *text++;
  char digits[12];
  int count = 0;
  do
    digits[count++] = (char)('0' + number % 10);
  while ((number /= 10) > 0);
  while (count > 0) *end++ = digits[--count];
  *end = 0;
  return end;
}

/* The layers are named by descriptors: a path could hold what means something in the options. */
static int cover(const struct cl_view *view) {
  int base = open_meant(view->base, view->base_device, view->base_inode);
  if (base < 0) return -base;
  int layer = open_meant(view->layer, view->layer_device, view->layer_inode);
  if (layer < 0) return -layer;
  char options[96], target[48];
  append(append(options, "lowerdir=/proc/self/fd/", layer), ":/proc/self/fd/", base);
  append(target, "/proc/self/fd/", base);
  int result = mount("overlay", target, "overlay", MS_RDONLY, options) < 0 ? errno : 0;
  close(layer);
  close(base);
  return result;
}

static int enter_views(const struct child *child) {
  if (child->view_count == 0) return 0;
  if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_PRIVATE | MS_REC, NULL) < 0)
    return errno;
  int error = 0;
  for (size_t next = 0; next < child->view_count && error == 0; next++)
    error = cover(&child->views[next]);
  return error;
}

/* Between fork and execve: calls that are safe in a signal handler and no others, since another
 * thread may have held any lock. Returns only with an error, which 3 is there to tell. */
static int become(const struct child *child) {
  if (dup3(child->report, 3, O_CLOEXEC) < 0 || dup2(child->input, 0) < 0 ||
      dup2(child->output, 1) < 0 || dup2(child->output, 2) < 0)
    return errno;
  close_from(4);
  int error = enter_views(child);
  if (error != 0) return CL_NO_VIEW + error;
  if (setsid() < 0) return errno;
  struct rlimit limit;
  /* More descriptors than usual were for us: programs that use select() could not bear them. */
  if (cl_first_descriptor_limit && getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    limit.rlim_cur = cl_first_descriptor_limit;
    setrlimit(RLIMIT_NOFILE, &limit);
  }
  umask(022);
  if (chdir("/") < 0) return errno;
  default_signals();
  execve(child->path, child->arguments, child->environment);
  return errno;
}

static _Noreturn void begin(const struct child *child) {
  int error = become(child);
  if (write(3, &error, sizeof error) < 0) _exit(126);
  _exit(127);
}

/* The error of the child until its execve; 0 if that went well. */
static int read_report(int report) {
  int error = 0;
  ssize_t count;
  do
    count = read(report, &error, sizeof error);
  while (count < 0 && errno == EINTR);
  return count == (ssize_t)sizeof error ? error : 0;
}

static int spawn(const struct child *child, int report) {
  sigset_t all, before;
  sigfillset(&all);
  /* No handler of ours runs in the child. */
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pid_t process = fork();
  int error = errno;
  if (process == 0) begin(child);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  close(child->report);
  if (process < 0) return -error;
  error = read_report(report);
  if (error == 0) return process;
  while (waitpid(process, NULL, 0) < 0 && errno == EINTR) continue;
  return -error;
}

int cl_spawn(const char *path, char *const *arguments, char *const *environment, int input,
             int output, const struct cl_view *views, size_t count) {
  struct sigaction old;
  /* Whoever started us may have let children vanish without a word. */
  if (sigaction(SIGCHLD, NULL, &old) == 0 && old.sa_handler == SIG_IGN) signal(SIGCHLD, SIG_DFL);
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) < 0) return -errno;
  struct child child = {path, arguments, environment, .report = -1, .views = views, .view_count = count};
  child.input = fcntl(input, F_DUPFD_CLOEXEC, 10);
  child.output = fcntl(output, F_DUPFD_CLOEXEC, 10);
  child.report = fcntl(ends[1], F_DUPFD_CLOEXEC, 10);
  int result = -errno;
  close(ends[1]);
  if (child.input >= 0 && child.output >= 0 && child.report >= 0)
    result = spawn(&child, ends[0]);
  else if (child.report >= 0)
    close(child.report);
  if (child.input >= 0) close(child.input);
  if (child.output >= 0) close(child.output);
  close(ends[0]);
  return result;
}

int cl_process_handle(int process) {
  long result = syscall(SYS_pidfd_open, process, 0);
  return result < 0 ? -errno : (int)result;
}

int cl_take_end(int process, int *by_signal) {
  int status;
  pid_t result;
  do
    result = waitpid(process, &status, 0);
  while (result < 0 && errno == EINTR);
  if (result < 0) return -errno;
  *by_signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 0;
}

int cl_signal_group(int process, int number) {
  /* 0 and 1 would be our own group and everybody. */
  if (process < 2) return -EINVAL;
  return kill(-process, number) < 0 ? -errno : 0;
}

static int fill(int file, const char *bytes, size_t count) {
  while (count > 0) {
    ssize_t step = write(file, bytes, count);
    if (step < 0 && errno == EINTR) continue;
    if (step <= 0) return step < 0 ? -errno : -EIO;
    bytes += step;
    count -= (size_t)step;
  }
  return lseek(file, 0, SEEK_SET) < 0 ? -errno : 0;
}

int cl_memory_file(const void *bytes, size_t count) {
  int file = memfd_create("concord", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (file < 0) return -errno;
  int result = fill(file, bytes, count);
  if (result < 0) {
    close(file);
    return result;
  }
  fcntl(file, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE);
  return file;
}

int cl_pipe(int *reading, int *writing) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) < 0) return -errno;
  if (fcntl(ends[0], F_SETFL, O_NONBLOCK) < 0) {
    int error = errno;
    close(ends[0]);
    close(ends[1]);
    return -error;
  }
  *reading = ends[0];
  *writing = ends[1];
  return 0;
}
