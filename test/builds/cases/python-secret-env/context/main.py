import os

print("signed in" if len(os.environ["DATABASE_PASSWORD"]) == 12 else "refused")
