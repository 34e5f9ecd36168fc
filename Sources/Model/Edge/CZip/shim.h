/* zlib's compression of whole buffers. */
#include <zlib.h>
