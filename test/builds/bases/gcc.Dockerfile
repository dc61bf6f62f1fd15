FROM buildpack-deps:bookworm
RUN apt-get update && apt-get install -y --no-install-recommends g++ gfortran && rm -rf /var/lib/apt/lists/*
# As in the image that this stands for, the compiler's own libraries are in `lib64`.
RUN mkdir /usr/local/lib64 \
    && cp -P /usr/lib/*-linux-gnu/libstdc++.so.6* /usr/lib/*-linux-gnu/libgomp.so.1* /lib/*-linux-gnu/libgcc_s.so.1 /usr/local/lib64/ \
    && echo /usr/local/lib64 > /etc/ld.so.conf.d/000-local-lib.conf \
    && ldconfig
ENV GCC_VERSION=12.2.0
