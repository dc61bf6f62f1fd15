FROM rust:1.75-alpine AS builder
WORKDIR /app
COPY . .
RUN apk add musl-dev openssl-dev
RUN CARGO_PROFILE_RELEASE_STRIP=symbols cargo build --release

FROM debian:bookworm-slim
COPY --from=builder /app/target/release/tool /usr/local/bin/tool
RUN groupadd --gid 10001 app \
    && useradd --uid 10001 --gid app --create-home --shell /usr/sbin/nologin app
USER app
CMD ["/usr/local/bin/tool"]
