FROM ruby:3.3 AS builder
RUN apt-get update -qq && apt-get install --no-install-recommends -y nodejs postgresql-client
WORKDIR /myapp
COPY Gemfile /myapp/Gemfile
COPY Gemfile.lock /myapp/Gemfile.lock
RUN bundle install

FROM ruby:3.3-slim AS final
WORKDIR /myapp
RUN apt-get update \
    && apt-get install -y --no-install-recommends nodejs postgresql-client ca-certificates \
    && rm -rf /var/lib/apt/lists/*
COPY --from=builder /usr/local/bundle /usr/local/bundle
COPY . /myapp
COPY --chmod=755 entrypoint.sh /usr/bin/
RUN groupadd --gid 10001 app \
    && useradd --uid 10001 --gid app --create-home --shell /usr/sbin/nologin app \
    && mkdir -p /myapp/log /myapp/storage /myapp/tmp \
    && chown -R app:app /myapp/log /myapp/storage /myapp/tmp
USER app
ENTRYPOINT ["entrypoint.sh"]
EXPOSE 3000
CMD ["rails", "server", "-b", "0.0.0.0"]
