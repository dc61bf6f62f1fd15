FROM python:3.11-slim AS base

FROM base AS builder
ENV PIPENV_VENV_IN_PROJECT=1
RUN apt-get update && apt-get install -y --no-install-recommends gcc python3-dev && rm -rf /var/lib/apt/lists/*
RUN pip install --no-cache-dir pipenv
WORKDIR /bot
COPY Pipfile Pipfile.lock ./
RUN pipenv install --deploy --ignore-pipfile

FROM base AS final
WORKDIR /bot
RUN apt-get update \
    && apt-get install -y --no-install-recommends libgomp1 \
    && rm -rf /var/lib/apt/lists/*
ENV PATH="/bot/.venv/bin:$PATH"
COPY --from=builder /bot/.venv /bot/.venv
COPY bot ./bot
RUN groupadd --gid 10001 app \
    && useradd --uid 10001 --gid app --create-home --shell /usr/sbin/nologin app
USER app
CMD ["python", "-m", "bot"]
