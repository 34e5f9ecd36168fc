#include <gnutls/gnutls.h>
#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

/* A global function pointer in C, which Swift 6 does not import. */
static inline void cg_free(void *memory) { gnutls_free(memory); }

/* <sys/eventfd.h> is not in the Glibc module. */
static inline int cg_eventfd(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

/* Declared by glibc under _GNU_SOURCE only. */
extern int accept4(int fd, struct sockaddr *address, socklen_t *length, int flags);
static inline int cg_accept(int fd) { return accept4(fd, 0, 0, SOCK_CLOEXEC); }
