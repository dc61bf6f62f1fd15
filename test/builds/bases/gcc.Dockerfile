FROM buildpack-deps:bookworm
RUN apt-get update && apt-get install -y --no-install-recommends g++ gfortran && rm -rf /var/lib/apt/lists/*
ENV GCC_VERSION=12.2.0
