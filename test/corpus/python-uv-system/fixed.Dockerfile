FROM python:3.12-bookworm AS builder
ENV VIRTUAL_ENV=/opt/venv
RUN python -m venv /opt/venv
COPY --from=ghcr.io/astral-sh/uv:0.5.11 /uv /uvx /bin/
WORKDIR /app
COPY requirements.txt .
RUN uv pip install --no-cache -r requirements.txt

FROM python:3.12-slim-bookworm AS final
WORKDIR /app
ENV PATH="/opt/venv/bin:$PATH"
COPY --from=builder /opt/venv /opt/venv
COPY . .
RUN groupadd --gid 10001 app \
    && useradd --uid 10001 --gid app --create-home --shell /usr/sbin/nologin app
USER app
CMD ["uvicorn", "main:app", "--host", "0.0.0.0"]
