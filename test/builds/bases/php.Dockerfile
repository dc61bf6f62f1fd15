FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates curl g++ gcc libc6-dev make php-cli php-mbstring php-xml pkg-config re2c xz-utils \
    && rm -rf /var/lib/apt/lists/* && ln -s /usr/bin/php /usr/local/bin/php
ENV PHP_VERSION=8.2
CMD ["php", "-a"]
