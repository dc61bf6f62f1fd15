FROM python:3.11-slim-bookworm AS base
WORKDIR /work
ENV PATH="/opt/venv/bin:$PATH"

FROM base AS builder
RUN python -m venv /opt/venv
RUN apt-get update && apt-get install -y --no-install-recommends build-essential cmake libopenblas-dev && rm -rf /var/lib/apt/lists/*
COPY . .
RUN mkdir -p build && cd build && cmake .. && make -j4
RUN pip install --no-cache-dir .

FROM base AS final
RUN apt-get update \
    && apt-get install -y --no-install-recommends libgomp1 libopenblas0 libopenblas0-pthread \
    && rm -rf /var/lib/apt/lists/*
COPY --from=builder /opt/venv /opt/venv
COPY --from=builder /work /work
RUN groupadd --gid 10001 app \
    && useradd --uid 10001 --gid app --create-home --shell /usr/sbin/nologin app \
    && mkdir -p /work/results \
    && chown -R app:app /work/results
VOLUME /work/results
USER app
CMD ["python", "-m", "solver"]
