FROM node:22 AS builder

WORKDIR /usr/src/app

# Dependencies
COPY package.json package-lock.json tsconfig.json ./
RUN npm ci

# Application
COPY src/ src/
RUN npm run build
RUN npm prune --omit=dev

FROM node:22-slim AS final
WORKDIR /usr/src/app
COPY --from=builder /usr/src/app /usr/src/app

ENV NODE_ENV=production
EXPOSE 3000
USER node
CMD ["node", "dist/main.js"]
