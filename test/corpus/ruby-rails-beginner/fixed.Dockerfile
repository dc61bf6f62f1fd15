FROM ruby:3.3-slim AS base

FROM base AS builder
RUN apt-get update -qq && apt-get install --no-install-recommends -y build-essential libpq-dev nodejs libvips
ENV RAILS_ENV=production
WORKDIR /app
COPY Gemfile Gemfile.lock ./
RUN bundle config set --local without 'development test' && bundle install -j4
COPY . .
RUN SECRET_KEY_BASE=dummy bundle exec rails assets:precompile

FROM base AS final
ENV RAILS_ENV=production
WORKDIR /app
RUN apt-get update \
    && apt-get install -y --no-install-recommends libgomp1 libpq5 nodejs libvips ca-certificates \
    && rm -rf /var/lib/apt/lists/*
COPY --from=builder /usr/local/bundle /usr/local/bundle
COPY --from=builder /app /app
EXPOSE 3000
RUN groupadd --gid 10001 app \
    && useradd --uid 10001 --gid app --create-home --shell /usr/sbin/nologin app \
    && mkdir -p /app/log /app/storage /app/tmp \
    && chown -R app:app /app/log /app/storage /app/tmp
USER app
CMD ["bundle", "exec", "rails", "server", "-b", "0.0.0.0"]
