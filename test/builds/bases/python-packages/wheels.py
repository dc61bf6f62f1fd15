"""Makes wheels of the Python packages that Debian's packages have installed: wheels.py FOLDER PACKAGE..."""
import base64
import email
import hashlib
import pathlib
import re
import subprocess
import sys
import zipfile

ROOT = pathlib.Path("/usr/lib/python3/dist-packages")
VERSION = f"cp{sys.version_info.major}{sys.version_info.minor}"


def main():
    folder, *packages = sys.argv[1:]
    for package in packages:
        listed = subprocess.run(["dpkg", "-L", package], capture_output=True, text=True, check=True).stdout
        paths = [path for path in map(pathlib.Path, listed.splitlines()) if ROOT in path.parents and path.is_file()]
        files = {str(path.relative_to(ROOT)): path.read_bytes() for path in paths if "__pycache__" not in path.parts}
        for name in sorted({path.split("/")[0] for path in files if is_metadata(path)}):
            write_wheel(pathlib.Path(folder), files, name)


def is_metadata(path):
    return re.search(r"\.(dist|egg)-info$", path.split("/")[0])


def write_wheel(folder, files, metadata):
    text = files.get(f"{metadata}/METADATA") or files[f"{metadata}/PKG-INFO"]
    facts = email.message_from_string(text.decode())
    body = {path: data for path, data in files.items() if not is_metadata(path)}
    is_native = any(path.endswith(".so") for path in body)
    tag = f"{VERSION}-{VERSION}-linux_x86_64" if is_native else "py3-none-any"
    name = f"{re.sub(r'[-_.]+', '_', facts['Name'])}-{facts['Version']}"
    lines = ["Metadata-Version: 2.1", f"Name: {facts['Name']}", f"Version: {facts['Version']}"]
    for key in ("Requires-Dist", "Provides-Extra"):
        lines += [f"{key}: {value}" for value in facts.get_all(key) or []]
    kind = "false" if is_native else "true"
    body[f"{name}.dist-info/METADATA"] = ("\n".join(lines) + "\n").encode()
    body[f"{name}.dist-info/WHEEL"] = f"Wheel-Version: 1.0\nRoot-Is-Purelib: {kind}\nTag: {tag}\n".encode()
    if f"{metadata}/entry_points.txt" in files:
        body[f"{name}.dist-info/entry_points.txt"] = files[f"{metadata}/entry_points.txt"]
    record = "".join(f"{path},sha256={digest(data)},{len(data)}\n" for path, data in body.items())
    body[f"{name}.dist-info/RECORD"] = f"{record}{name}.dist-info/RECORD,,\n".encode()
    with zipfile.ZipFile(folder / f"{name}-{tag}.whl", "w", zipfile.ZIP_DEFLATED) as wheel:
        for path, data in body.items():
            wheel.writestr(path, data)


def digest(data):
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


if __name__ == "__main__":
    main()
