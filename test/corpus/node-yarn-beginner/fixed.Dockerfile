FROM node:18-slim AS base
WORKDIR /app

FROM base AS builder
COPY package.json yarn.lock ./
RUN yarn install --frozen-lockfile && yarn cache clean
COPY . .
RUN yarn build
RUN yarn install --production --ignore-scripts --prefer-offline

FROM base AS final
COPY --from=builder /app /app
EXPOSE 8080
USER node
CMD ["node", "build/server.js"]
