FROM node:20-slim AS base

WORKDIR /usr/src/app

FROM base AS builder
# Dependencies
COPY package.json package-lock.json tsconfig.json ./
RUN npm ci && npm cache clean --force

# Application
COPY src/ src/
RUN npm run build
RUN npm prune --omit=dev

FROM base AS final
COPY --from=builder /usr/src/app /usr/src/app

ENV NODE_ENV=production
EXPOSE 3000
USER node
CMD ["node", "dist/main.js"]
