FROM debian:bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates cargo curl g++ gcc git libc6-dev libssl-dev make pkg-config rustc wget \
    && rm -rf /var/lib/apt/lists/* && mkdir -p /usr/local/cargo/bin && chmod -R a+w /usr/local/cargo
ENV CARGO_HOME=/usr/local/cargo RUST_VERSION=1.63.0 PATH=/usr/local/cargo/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
