FROM rust:1.88 AS builder

RUN apt-get update && apt-get install --no-install-recommends -y libpq-dev protobuf-compiler

WORKDIR /usr/src/ledger
COPY . .

RUN CARGO_PROFILE_RELEASE_STRIP=symbols cargo install --path .

FROM debian:bookworm-slim AS final
WORKDIR /usr/src/ledger
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpq5 curl ca-certificates libssl3 \
    && rm -rf /var/lib/apt/lists/*
COPY --from=builder /usr/local/cargo/bin/ledger /usr/local/bin/ledger

ENV ROCKET_ADDRESS=0.0.0.0
EXPOSE 8000

HEALTHCHECK --interval=30s CMD curl -f http://localhost:8000/healthz || exit 1

RUN groupadd --gid 10001 app \
    && useradd --uid 10001 --gid app --create-home --shell /usr/sbin/nologin app
USER app
CMD ["ledger"]
