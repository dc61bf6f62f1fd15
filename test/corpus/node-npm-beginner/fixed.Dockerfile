FROM node:26-slim
LABEL org.opencontainers.image.authors="Jo Example <jo@example.com>"
RUN mkdir -p /home/node/app
WORKDIR /home/node/app
COPY package*.json ./
RUN npm install && npm cache clean --force
COPY . .
RUN npm install -g nodemon && npm cache clean --force
ENV PORT=3000
EXPOSE 3000
USER node
CMD ["node", "index.js"]
