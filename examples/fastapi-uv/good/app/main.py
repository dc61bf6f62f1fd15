"""Orders: an API small enough to read at a glance, with a log that it has to write."""

import logging
import os
from pathlib import Path

from fastapi import FastAPI

directory = Path(os.environ["LOG_DIR"])
logging.basicConfig(filename=directory / "orders.log", level=logging.INFO)

app = FastAPI()


@app.get("/health")
def health() -> dict[str, str]:
    return {"status": "ok"}


@app.get("/orders/{number}")
def order(number: int) -> dict[str, int]:
    logging.info("order %d was read", number)
    return {"number": number}
