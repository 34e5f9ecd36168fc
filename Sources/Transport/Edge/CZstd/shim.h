/* Zstandard's compression of whole buffers. */
#include <zstd.h>
