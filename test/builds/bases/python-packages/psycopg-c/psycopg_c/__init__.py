from .libpq import version
