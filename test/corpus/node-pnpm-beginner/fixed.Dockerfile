FROM node:22-bookworm-slim AS base

FROM base AS builder
RUN npm install -g pnpm@9 && npm cache clean --force
WORKDIR /app
COPY package.json pnpm-lock.yaml ./
RUN pnpm install --frozen-lockfile
COPY . .
RUN pnpm run build
RUN CI=true pnpm prune --prod

FROM base AS final
WORKDIR /app
COPY --from=builder /app /app
USER node
CMD ["node", "dist/server.js"]
