FROM python:3.11-slim-bookworm AS base

ENV PYTHONDONTWRITEBYTECODE=1
ENV PYTHONUNBUFFERED=1

ENV PATH="/opt/venv/bin:$PATH"

FROM base AS builder
RUN python -m venv /opt/venv
WORKDIR /srv/api

COPY requirements.txt ./
RUN apt-get update \
    && apt-get install -y --no-install-recommends gcc g++ libpq-dev libxml2-dev libxslt1-dev git \
    && pip install --no-cache-dir --upgrade pip setuptools wheel \
    && pip install --no-cache-dir -r requirements.txt \
    && rm -rf /var/lib/apt/lists/*

FROM base AS final
WORKDIR /srv/api
RUN apt-get update \
    && apt-get install -y --no-install-recommends libgomp1 libpq5 libxml2 libxslt1.1 git \
    && rm -rf /var/lib/apt/lists/*
COPY --from=builder /opt/venv /opt/venv
# The service listens here
EXPOSE 8080

COPY . .

HEALTHCHECK --interval=30s CMD python -c "import urllib.request as r; r.urlopen('http://127.0.0.1:8080/')"
RUN groupadd --gid 10001 app \
    && useradd --uid 10001 --gid app --create-home --shell /usr/sbin/nologin app
USER app
CMD ["gunicorn", "--bind", "0.0.0.0:8080", "api.wsgi:application"]
