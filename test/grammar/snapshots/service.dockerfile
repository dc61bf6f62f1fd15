# syntax=docker/dockerfile:1.7
# check=error=true

# Versions in one place
ARG NODE_VERSION=22.11 \
    ALPINE=3.20

FROM --platform=$BUILDPLATFORM node:${NODE_VERSION}-alpine${ALPINE} AS deps
WORKDIR /srv/app
COPY --link package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm,sharing=locked \
    --mount=type=secret,id=npmrc,target=/root/.npmrc \
    # only what runs in production
    npm ci --omit=dev && \
    echo "installed: $(ls node_modules | wc -l) packages" > /tmp/report

FROM deps AS build
COPY . .
RUN <<EOF
set -eu
npm ci
npm run build -- --mode="${MODE:-production}"
EOF
RUN node <<'JS'
const { version } = require("./package.json");
console.log(`building ${version}`);
JS

FROM gcr.io/distroless/nodejs22-debian12@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
LABEL org.opencontainers.image.title="Orders" \
      org.opencontainers.image.description='Takes "orders"' \
      org.opencontainers.image.version=$VERSION
ENV NODE_ENV=production PORT=8080 \
    NODE_OPTIONS="--max-old-space-size=${HEAP:-256}"
COPY --from=deps --chown=65532:65532 /srv/app/node_modules /srv/app/node_modules
COPY --from=build --chown=nonroot:nonroot /srv/app/dist/ /srv/app/dist/
COPY <<EOF /srv/app/config.json
{
  "port": $PORT,
  "database": "${DATABASE_URL:-postgres://db/orders}"
}
EOF
COPY <<users.sql <<'limits.conf' /docker-init/
CREATE TABLE users (id int);
users.sql
# per address
rate = "10/s"
limits.conf
USER 65532:65532
EXPOSE 8080/tcp 9000-9001
VOLUME ["/data"]
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s --retries=3 \
  CMD ["/nodejs/bin/node", "dist/health.js"]
ENTRYPOINT ["/nodejs/bin/node", "--enable-source-maps"]
CMD ["dist/server.js", "--name=\"orders\""]
