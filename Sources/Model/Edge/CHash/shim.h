/* Digests and random bytes only; TLS belongs to Transport. */
#include <gnutls/gnutls.h>
#include <gnutls/crypto.h>
