#include <sqlite3.h>
#include <stdio.h>

static int print(void *unused, int count, char **values, char **names) {
  (void)unused, (void)count, (void)names;
  printf("%s rows\n", values[0]);
  return 0;
}

int main(int argc, char **argv) {
  sqlite3 *db;
  if (argc < 2 || sqlite3_open(argv[1], &db) != SQLITE_OK) return 1;
  return sqlite3_exec(db,
                      "drop table if exists t; create table t (n); insert into t values (1), (2), (3); select count(*) from t;",
                      print, NULL, NULL) != SQLITE_OK;
}
