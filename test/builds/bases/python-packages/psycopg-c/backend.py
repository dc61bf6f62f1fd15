"""Builds the extension with the C compiler and libpq's headers, and nothing from an index."""
import base64, hashlib, pathlib, subprocess, sysconfig, zipfile

NAME = "psycopg_c-3.2.6"

def build_wheel(directory, config_settings=None, metadata_directory=None):
    suffix = sysconfig.get_config_var("EXT_SUFFIX")
    module = pathlib.Path("psycopg_c") / f"libpq{suffix}"
    subprocess.run(["gcc", "-shared", "-fPIC", "-O2", f"-I{sysconfig.get_path('include')}", "-I/usr/include/postgresql", "libpq.c", "-o", str(module), "-lpq"], check=True)
    tag = f"cp{sysconfig.get_config_var('py_version_nodot')}"
    wheel = f"{NAME}-{tag}-{tag}-linux_x86_64.whl"
    files = {
        "psycopg_c/__init__.py": pathlib.Path("psycopg_c/__init__.py").read_bytes(),
        str(module): module.read_bytes(),
        f"{NAME}.dist-info/METADATA": b"Metadata-Version: 2.1\nName: psycopg-c\nVersion: 3.2.6\n",
        f"{NAME}.dist-info/WHEEL": f"Wheel-Version: 1.0\nGenerator: backend\nRoot-Is-Purelib: false\nTag: {tag}-{tag}-linux_x86_64\n".encode(),
    }
    record = [f"{path},sha256={base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b'=').decode()},{len(data)}" for path, data in files.items()]
    with zipfile.ZipFile(pathlib.Path(directory) / wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in files.items():
            archive.writestr(path, data)
        archive.writestr(f"{NAME}.dist-info/RECORD", "\n".join([*record, f"{NAME}.dist-info/RECORD,,"]) + "\n")
    return wheel
