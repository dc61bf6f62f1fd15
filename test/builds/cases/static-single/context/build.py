import os

os.makedirs("public", exist_ok=True)
with open("public/index.html", "w") as page:
    page.write("<h1>Built</h1>\n")
