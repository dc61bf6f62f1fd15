FROM ubuntu:22.04 AS builder
RUN apt-get update
RUN apt-get upgrade -y
RUN apt-get install --no-install-recommends -y build-essential cmake git wget sudo ca-certificates
RUN cd /tmp && wget --progress=dot:giga http://downloads.example.com/eigen-3.4.0.tar.gz && tar xzf eigen-3.4.0.tar.gz && cd eigen-3.4.0 && mkdir build && cd build && cmake .. && make install
RUN git clone https://git.example.com/robotics/planner.git /opt/planner
RUN cd /opt/planner && mkdir -p build && cd build && cmake .. && make -j4

FROM ubuntu:22.04 AS final
RUN apt-get update \
    && apt-get install -y --no-install-recommends libgomp1 sudo \
    && rm -rf /var/lib/apt/lists/*
COPY --from=builder /opt/planner/build/planner /opt/planner/build/planner
COPY --from=builder /usr/local /usr/local
COPY --from=builder /opt/planner/build/lib /opt/planner/build/lib
ENV LD_LIBRARY_PATH=/opt/planner/build/lib
WORKDIR /opt/planner/build
RUN groupadd --gid 10001 app \
    && useradd --uid 10001 --gid app --create-home --shell /usr/sbin/nologin app
USER app
CMD ["./planner"]
