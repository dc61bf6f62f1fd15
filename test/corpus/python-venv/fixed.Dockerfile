FROM python:3.12-slim AS base

FROM base AS builder
RUN apt-get update && apt-get install -y --no-install-recommends build-essential libffi-dev && rm -rf /var/lib/apt/lists/*
RUN python -m venv /venv
ENV VIRTUAL_ENV=/venv
ENV PATH="$VIRTUAL_ENV/bin:$PATH"
WORKDIR /app
COPY requirements.txt .
RUN pip install -r requirements.txt

FROM base AS final
ENV VIRTUAL_ENV=/venv
ENV PATH="$VIRTUAL_ENV/bin:$PATH"
WORKDIR /app
RUN apt-get update \
    && apt-get install -y --no-install-recommends libgomp1 libffi8 \
    && rm -rf /var/lib/apt/lists/*
COPY --from=builder /venv /venv
COPY --chown=nobody:nogroup . .
USER nobody
CMD ["python", "-m", "worker"]
