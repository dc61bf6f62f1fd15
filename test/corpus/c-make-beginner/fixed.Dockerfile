FROM debian:bookworm AS builder
RUN apt-get update && apt-get install --no-install-recommends -y build-essential zlib1g-dev libevent-dev libsqlite3-dev
COPY . /opt/relay
WORKDIR /opt/relay
RUN make -j4

FROM debian:bookworm-slim AS final
WORKDIR /opt/relay
RUN apt-get update \
    && apt-get install -y --no-install-recommends libgomp1 libevent-2.1-7 libevent-core-2.1-7 libevent-extra-2.1-7 libevent-openssl-2.1-7 libevent-pthreads-2.1-7 libsqlite3-0 \
    && rm -rf /var/lib/apt/lists/*
COPY --from=builder /opt/relay/relay /opt/relay/relay
COPY --from=builder /opt/relay/relay.conf /opt/relay/relay.conf
RUN mkdir -p /var/lib/relay
RUN groupadd --gid 10001 app \
    && useradd --uid 10001 --gid app --create-home --shell /usr/sbin/nologin app \
    && chown -R app:app /var/lib/relay
VOLUME ["/var/lib/relay"]
EXPOSE 7000/udp
USER app
CMD ["./relay", "--config", "/opt/relay/relay.conf", "--state", "/var/lib/relay"]
