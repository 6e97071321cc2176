#define _GNU_SOURCE
#include "CWeft.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

int weft_lock_file(int descriptor) {
  if (flock(descriptor, LOCK_EX | LOCK_NB) == 0) return 0;
  // File systems without locks: nobody watches, and nobody is refused.
  return errno == EWOULDBLOCK ? 1 : 0;
}

void weft_unlock_file(int descriptor) { flock(descriptor, LOCK_UN); }

#ifdef __linux__
#include <sys/syscall.h>

// linux/fs.h, which is not in every tool chain.
#define WEFT_RENAME_EXCHANGE 2u

int weft_exchange(const char *a, const char *b) {
  return (int)syscall(SYS_renameat2, AT_FDCWD, a, AT_FDCWD, b, WEFT_RENAME_EXCHANGE);
}

int weft_sync_file_system(int descriptor) { return syncfs(descriptor); }

int weft_reserve(int descriptor, int64_t count) {
  if (count == 0 || fallocate(descriptor, 0, 0, count) == 0) return 0;
  return errno == EOPNOTSUPP || errno == ENOSYS || errno == EINTR ? ftruncate(descriptor, count) : -1;
}
#else
int weft_exchange(const char *a, const char *b) { return renamex_np(a, b, RENAME_SWAP); }
int weft_sync_file_system(int descriptor) {
  sync();
  return fcntl(descriptor, F_FULLFSYNC) == -1 ? fsync(descriptor) : 0;
}
int weft_reserve(int descriptor, int64_t count) { return ftruncate(descriptor, count); }
#endif
