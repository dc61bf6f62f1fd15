import sqlite3

db = sqlite3.connect("/data/visits.db")
db.execute("create table if not exists visits (at)")
db.execute("insert into visits values (datetime())")
db.commit()
print("visits", *db.execute("select count(*) from visits").fetchone())
