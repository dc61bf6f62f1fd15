FROM php:8.3-apache AS base

FROM base AS builder
RUN apt-get update && apt-get install --no-install-recommends -y libzip-dev libpng-dev unzip && rm -rf /var/lib/apt/lists/*
RUN docker-php-ext-install gd zip pdo_mysql
RUN a2enmod rewrite
COPY --from=composer:2 /usr/bin/composer /usr/bin/composer
WORKDIR /var/www/html
COPY composer.json ./
RUN composer install --no-scripts --no-autoloader --no-dev --no-interaction --optimize-autoloader
COPY . .
RUN composer install --no-dev --no-interaction --optimize-autoloader

FROM base AS final
RUN apt-get update \
    && apt-get install -y --no-install-recommends libzip-dev libpng16-16 unzip \
    && rm -rf /var/lib/apt/lists/*
RUN a2enmod rewrite
WORKDIR /var/www/html
COPY --from=builder /usr/local/lib/php/extensions /usr/local/lib/php/extensions
COPY --from=builder /usr/local/etc/php/conf.d /usr/local/etc/php/conf.d
COPY --from=builder /var/www/html /var/www/html
RUN chown -R www-data:www-data storage bootstrap/cache
