FROM node:22-bookworm AS builder
RUN npm install -g pnpm@9
WORKDIR /app
COPY package.json pnpm-lock.yaml ./
RUN pnpm install --frozen-lockfile
COPY . .
RUN pnpm run build
RUN CI=true pnpm prune --prod

FROM node:22-bookworm-slim AS final
WORKDIR /app
COPY --from=builder /app /app
USER node
CMD ["node", "dist/server.js"]
