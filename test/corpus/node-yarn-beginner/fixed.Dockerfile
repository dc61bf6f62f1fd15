FROM node:22 AS builder
WORKDIR /app
COPY package.json yarn.lock ./
RUN yarn install --frozen-lockfile
COPY . .
RUN yarn build
RUN yarn install --production --ignore-scripts --prefer-offline

FROM node:22-slim AS final
WORKDIR /app
COPY --from=builder /app /app
EXPOSE 8080
USER node
CMD ["node", "build/server.js"]
