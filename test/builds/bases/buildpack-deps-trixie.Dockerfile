FROM debian:trixie
RUN apt-get update && apt-get install -y --no-install-recommends \
    autoconf automake bzip2 ca-certificates curl default-libmysqlclient-dev dpkg-dev file g++ gcc git gnupg imagemagick \
    libbz2-dev libc6-dev libcurl4-openssl-dev libdb-dev libevent-dev libffi-dev libgdbm-dev libglib2.0-dev libgmp-dev \
    libjpeg-dev libkrb5-dev liblzma-dev libmagickcore-dev libmagickwand-dev libmaxminddb-dev libncurses-dev \
    libpng-dev libpq-dev libreadline-dev libsqlite3-dev libssl-dev libtool libwebp-dev libxml2-dev \
    libxslt-dev libyaml-dev make mercurial netbase openssh-client patch procps sq subversion tzdata unzip wget xz-utils \
    zlib1g-dev \
    && rm -rf /var/lib/apt/lists/*
