# syntax=docker/dockerfile:1
FROM ghcr.io/astral-sh/uv:0.8.14 AS uv

FROM python:3.13-slim-bookworm AS builder
COPY --from=uv /uv /bin/uv
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
WORKDIR /app
RUN --mount=type=cache,target=/root/.cache/uv \
    --mount=type=bind,source=uv.lock,target=uv.lock \
    --mount=type=bind,source=pyproject.toml,target=pyproject.toml \
    uv sync --locked --no-install-project --no-dev
COPY . .
RUN --mount=type=cache,target=/root/.cache/uv \
    uv sync --locked --no-dev --no-editable

FROM python:3.13-slim-bookworm
RUN <<SH
set -e
groupadd --system --gid 999 web
useradd --system --gid 999 --uid 999 --create-home web
SH
COPY --from=builder --chown=web:web /app/.venv /app/.venv
ENV PATH="/app/.venv/bin:$PATH"
USER web
WORKDIR /app
EXPOSE 8000
HEALTHCHECK CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://localhost:8000/health')"]
CMD ["uvicorn", "quotes.main:app", "--host", "0.0.0.0", "--port", "8000"]
