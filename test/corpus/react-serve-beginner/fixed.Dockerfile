FROM node:22 AS builder
WORKDIR /usr/src/app
ARG VITE_API_URL
ENV VITE_API_URL=$VITE_API_URL
COPY package.json package-lock.json ./
RUN npm ci
RUN npm install -g serve@14
COPY . .
RUN npm run build

FROM nginxinc/nginx-unprivileged:1.28 AS final
COPY <<'EOF' /etc/nginx/conf.d/default.conf
server {
    listen 5000;
    root /usr/share/nginx/html;
    location / {
        try_files $uri /index.html;
    }
}
EOF
COPY --from=builder /usr/src/app/dist /usr/share/nginx/html
# the load balancer looks for this one
EXPOSE 5000
