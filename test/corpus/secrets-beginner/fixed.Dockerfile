FROM node:22-alpine
WORKDIR /app
COPY package*.json ./
RUN --mount=type=secret,id=NPM_TOKEN,env=NPM_TOKEN echo "//registry.npmjs.org/:_authToken=${NPM_TOKEN}" > .npmrc && npm ci && npm cache clean --force && rm -f .npmrc
COPY . .
RUN npm run build
EXPOSE 8080
USER node
CMD ["node", "dist/main"]
