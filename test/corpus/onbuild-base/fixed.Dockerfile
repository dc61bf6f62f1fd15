# The base of all our Node services.
FROM node:22-bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends dumb-init \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /srv/service
ENV NODE_ENV=production
ONBUILD COPY package.json package-lock.json ./
ONBUILD RUN npm ci --omit=dev && npm cache clean --force
ONBUILD COPY . .
ONBUILD USER node
USER node
ENTRYPOINT ["dumb-init", "--"]
CMD ["node", "index.js"]
