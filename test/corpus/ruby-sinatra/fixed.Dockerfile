FROM ruby:3.3-alpine AS base

FROM base AS builder
RUN apk add --no-cache build-base
WORKDIR /app
COPY Gemfile* ./
RUN bundle install

FROM base AS final
WORKDIR /app
RUN apk add --no-cache libstdc++
COPY --from=builder /usr/local/bundle /usr/local/bundle
COPY . .
RUN addgroup -g 10001 app \
    && adduser -D -u 10001 -G app -s /sbin/nologin app
USER app
CMD ["bundle", "exec", "rackup", "-o", "0.0.0.0"]
