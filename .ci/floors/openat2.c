/* Preloaded where a tool that counts instructions does not know openat2: opens by openat, which
 * follows what it should not. For counting on a tree of our own, and for nothing else. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdarg.h>
#include <sys/syscall.h>

static long pass(long number, const long *words) {
  register long r10 __asm__("r10") = words[3];
  register long r8 __asm__("r8") = words[4];
  register long r9 __asm__("r9") = words[5];
  long result;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(words[0]), "S"(words[1]), "d"(words[2]), "r"(r10), "r"(r8),
                     "r"(r9)
                   : "rcx", "r11", "memory");
  if (result >= 0 || result < -4095) return result;
  errno = (int)-result;
  return -1;
}

long syscall(long number, ...) {
  va_list list;
  long words[6];
  va_start(list, number);
  for (int at = 0; at < 6; at++) words[at] = va_arg(list, long);
  va_end(list);
  if (number != SYS_openat2) return pass(number, words);
  const struct open_how *how = (const struct open_how *)words[2];
  return openat((int)words[0], (const char *)words[1], (int)how->flags, (mode_t)how->mode);
}
