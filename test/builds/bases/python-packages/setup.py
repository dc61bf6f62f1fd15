"""Makes a package of the stand-in for uv, as `pip install uv` wants it."""
from setuptools import setup

setup(name="uv", version="0.9.0", py_modules=["uv"], entry_points={"console_scripts": ["uv=uv:main"]})
