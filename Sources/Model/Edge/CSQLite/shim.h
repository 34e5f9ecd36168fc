#include <sqlite3.h>
#include <stdint.h>
#include <sys/vfs.h>

// variadic: not importable
static inline int csqlite_defensive(sqlite3 *db) {
  return sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)0);
}

static inline int csqlite_keep_log(sqlite3 *db, int keep) {
  return sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, keep, (int *)0);
}

// makes the write-ahead log durable; it stays open as long as the connection
static inline int csqlite_sync_log(sqlite3 *db) {
  sqlite3_file *file = 0;
  int code = sqlite3_file_control(db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &file);
  if (code != SQLITE_OK || file == 0 || file->pMethods == 0) return code;
  return file->pMethods->xSync(file, SQLITE_SYNC_NORMAL | SQLITE_SYNC_DATAONLY);
}

// the type of the file system that a directory stands on, or -1; sys/vfs.h is in no module
static inline int64_t csqlite_file_system(int directory) {
  struct statfs system;
  return fstatfs(directory, &system) == 0 ? (int64_t)(uint32_t)system.f_type : -1;
}
