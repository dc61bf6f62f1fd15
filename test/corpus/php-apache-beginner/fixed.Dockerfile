FROM php:8.3-apache AS base

FROM base AS builder
RUN apt-get update && apt-get install --no-install-recommends -y \
        libpng-dev \
        libzip-dev \
        zip \
        unzip \
        git \
    && docker-php-ext-install gd zip mysqli pdo_mysql

RUN a2enmod rewrite
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
RUN curl -fsS https://getcomposer.org/installer | php -- --install-dir=/usr/local/bin --filename=composer

COPY composer.json /var/www/html/
RUN composer install --no-scripts --no-autoloader
COPY . /var/www/html/
RUN composer install

FROM base AS final
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpng16-16 libzip-dev zip unzip git ca-certificates \
    && rm -rf /var/lib/apt/lists/*
RUN a2enmod rewrite
COPY --from=builder /usr/local/lib/php/extensions /usr/local/lib/php/extensions
COPY --from=builder /usr/local/etc/php/conf.d /usr/local/etc/php/conf.d
COPY --from=builder /var/www/html /var/www/html
RUN chown -R www-data:www-data /var/www/html && chmod -R u=rwX,go=rX /var/www/html/storage

EXPOSE 80
